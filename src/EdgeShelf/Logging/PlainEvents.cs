using EdgeShelf.Platform;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace EdgeShelf.Logging;

/// <summary>
/// Makes each text of an event plain before it reaches a sink: its values, its message and its exception. No call site can
/// forget this, and no text from outside can begin a line, where systemd would read `&lt;0&gt;` as a priority.
/// </summary>
sealed class PlainEvents(ILogEventSink sinks) : ILogEventSink, IDisposable
{
    /// <summary>The maximum length of one value, in characters. Messages of EdgeShelf are values too, and are longer than texts from outside may be.</summary>
    public const int MaxLength = 1000;

    public void Emit(LogEvent logEvent)
    {
        LogEvent plain = new(
            logEvent.Timestamp, logEvent.Level, logEvent.Exception is { } problem ? new PlainException(problem) : null, Plain(logEvent.MessageTemplate),
            logEvent.Properties.Select(property => new LogEventProperty(property.Key, Plain(property.Value))), logEvent.TraceId ?? default, logEvent.SpanId ?? default);
        sinks.Emit(plain);
    }

    public void Dispose() => (sinks as IDisposable)?.Dispose();

    /// <summary>A library may log a finished text, which is then a template without values.</summary>
    static MessageTemplate Plain(MessageTemplate template) => template.Text.Any(PlainText.IsObeyed)
        ? new MessageTemplate(template.Tokens.Select(token => token is TextToken text ? new TextToken(Plain(text.Text)) : token))
        : template;

    static LogEventPropertyValue Plain(LogEventPropertyValue value) => value switch
    {
        // Numbers, times and enumerations keep their formats. A network address is treated as a text from outside.
        ScalarValue { Value: null or bool or (ValueType and IFormattable and not char) } => value,
        ScalarValue scalar => new ScalarValue(Plain(scalar.Value!.ToString())),
        SequenceValue sequence => new SequenceValue(sequence.Elements.Select(Plain)),
        StructureValue structure => new StructureValue(structure.Properties.Select(property => new LogEventProperty(property.Name, Plain(property.Value))), structure.TypeTag),
        DictionaryValue dictionary => new DictionaryValue(dictionary.Elements.Select(pair => KeyValuePair.Create((ScalarValue)Plain(pair.Key), Plain(pair.Value)))),
        _ => value,
    };

    static string Plain(string? text) => PlainText.Shown(text, MaxLength);
}
