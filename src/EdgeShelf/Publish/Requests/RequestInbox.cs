using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Documents;
using Microsoft.Extensions.Logging;
using MQTTnet;

namespace EdgeShelf.Publish.Requests;

/// <summary>
/// Queues incoming requests and outgoing responses. A request is answered in the background, because a capture takes seconds
/// and results must still be sent during that time.
/// </summary>
sealed class RequestInbox(RequestHandler handler, DeviceTopics topics, WakeSignal wake, ILogger log)
{
    const int Waiting = 32;

    readonly Channel<Response> _responses = Channel.CreateBounded<Response>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });
    int _inWork;

    /// <summary>Returns the topics to subscribe to.</summary>
    public IEnumerable<string> Topics(bool withWildcard) => withWildcard ? [topics.Requests] : handler.Commands.Select(topics.Request);

    /// <summary>Accepts a message from the broker and returns at once.</summary>
    public void Accept(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        if (topics.CommandOf(message.Topic) is not { } command)
            return;
        // A retained request was meant for the time when it was sent, and would be executed again at every start.
        if (message.Retain)
        {
            log.RetainedRequestIgnored(message.Topic);
            return;
        }
        if (Interlocked.Increment(ref _inWork) > Waiting)
        {
            Interlocked.Decrement(ref _inWork);
            log.RequestDropped(message.Topic);
            return;
        }
        byte[] payload = message.Payload.IsSingleSegment ? message.Payload.First.ToArray() : message.Payload.ToArray();
        _ = Task.Run(() => AnswerAsync(command, payload, message.ResponseTopic, message.CorrelationData, cancellationToken), CancellationToken.None);
    }

    /// <summary>Gets the next response to send.</summary>
    public bool TryTakeResponse([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Response? response) =>
        _responses.Reader.TryRead(out response);

    async Task AnswerAsync(string command, byte[] payload, string? responseTopic, byte[]? correlation, CancellationToken cancellationToken)
    {
        try
        {
            ResponseDocument response = await handler.AnswerAsync(command, payload, cancellationToken);
            log.RequestAnswered(command, response.Status, response.Error?.Code ?? "");
            _responses.Writer.TryWrite(new Response(
                responseTopic is { Length: > 0 } && MayAnswerOn(responseTopic) ? responseTopic : null,
                topics.Response(TopicLevel(command)), correlation, JsonSerializer.SerializeToUtf8Bytes(response, ResultDocument.Json)));
            wake.Set();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            // Catch everything: nobody awaits this task, and a fault must be logged but must not stop the service.
            log.RequestFailed(error, command);
        }
        finally
        {
            Interlocked.Decrement(ref _inWork);
        }
    }

    /// <summary>Whether a response topic is allowed. Wildcards are not, and neither are the topics of the device, where an answer could be taken for a request or a result.</summary>
    bool MayAnswerOn(string topic) =>
        topic.AsSpan().IndexOfAny('+', '#', '\0') < 0
        && (!topic.StartsWith(topics.Base + "/", StringComparison.Ordinal) || topic.StartsWith(topics.Response(""), StringComparison.Ordinal));

    /// <summary>Returns the command if it is valid as a topic level, because it becomes part of the response topic.</summary>
    static string TopicLevel(string command) => DeviceName.IsValid(command) ? command : "unknown";
}
