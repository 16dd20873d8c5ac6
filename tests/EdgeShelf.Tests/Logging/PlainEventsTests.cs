using System.Globalization;
using EdgeShelf.Logging;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Extensions.Logging;

namespace EdgeShelf.Tests.Logging;

/// <summary>What strangers write is data in the log, whichever way it gets there.</summary>
public sealed class PlainEventsTests
{
    [Fact]
    public void ValuesLibrariesTextsAndExceptionsAreEachShownOnOneLine()
    {
        // A list and an object are written as JSON, with its own escapes.
        string[] lines = Written(log =>
        {
            log.Information("A request on {Topic}", "edgeshelf/a\n<0>b");
            log.Information("Of many {Names} and {@Part}", new[] { "a\x1b[2J", "b" }, new { Name = "c\r" });
            log.Information("An address {Address}, a number {Number}", new Uri("http://shelf/"), 7);
        });

        Assert.Equal(["A request on edgeshelf/a\\x0A<0>b", "Of many [\"a\\\\x1B[2J\",\"b\"] and {\"Name\":\"c\\\\x0D\"}", "An address http://shelf/, a number 7"], lines);
    }

    [Fact]
    public void ATextThatALibraryPutTogetherIsPlainToo()
    {
        string[] lines = Written(log =>
        {
            using SerilogLoggerFactory factory = new(log);
            factory.CreateLogger("library").Log(LogLevel.Information, default, "done\n<0>all", null, (text, _) => text);
        });

        Assert.Equal(["done\\x0A<0>all"], lines);
    }

    [Fact]
    public void AnExceptionsMessageBeginsNoLine()
    {
        string[] lines = Written(log =>
        {
            try
            {
                throw new InvalidOperationException("outer\n<0>one", new IOException("inner\x1b[2J"));
            }
            catch (InvalidOperationException problem)
            {
                log.Error(problem, "Failed");
                log.Error(new AggregateException("several", new IOException("first\n<1>"), new IOException("second\n<2>")), "Failed");
            }
        });

        Assert.Contains("System.InvalidOperationException: outer\\x0A<0>one", lines);
        Assert.Contains(" ---> System.IO.IOException: inner\\x1B[2J", lines);
        Assert.Contains(" ---> System.IO.IOException: second\\x0A<2>", lines);
        Assert.Contains(lines, line => line.StartsWith("   at ", StringComparison.Ordinal) && line.Contains(nameof(AnExceptionsMessageBeginsNoLine), StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith('<'));
    }

    [Fact]
    public void AnEndlessValueIsCut() =>
        Assert.InRange(Assert.Single(Written(log => log.Information("{Reason}", new string('x', 60_000)))).Length, PlainEvents.MaxLength, PlainEvents.MaxLength + 1);

    static string[] Written(Action<Serilog.ILogger> write)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("log");
        using (Serilog.Core.Logger log = new LoggerConfiguration()
            .WriteTo.Sink(LoggerSinkConfiguration.Wrap(sinks => new PlainEvents(sinks), to => to.File(file, outputTemplate: "{Message:lj}{NewLine}{Exception}", formatProvider: CultureInfo.InvariantCulture)))
            .CreateLogger())
            write(log);
        return File.ReadAllLines(file);
    }
}
