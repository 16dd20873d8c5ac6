using EdgeShelf.Logging;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace EdgeShelf.Tests.Logging;

public sealed class LogFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _clock = new();
    readonly List<string> _said = [];
    readonly LogFile _file;
    readonly Logger _log;

    public LogFileTests()
    {
        _file = new LogFile(new LogOptions(), Path, "{Message:lj}{NewLine}", _clock, _said.Add);
        _log = new LoggerConfiguration().WriteTo.Sink(_file).CreateLogger();
    }

    string Path => _folder.File("edgeshelf.log");

    public void Dispose()
    {
        _log.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void AFileThatIsDeletedIsBegunAnew()
    {
        _log.Information("first");
        File.Delete(Path);
        _clock.Advance(LogFile.LookEvery);
        _log.Information("second");

        Assert.Equal(["second"], Lines(Path));
        Assert.Contains("was deleted", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsRotatedIsLeftAndTheNextOneBegun()
    {
        _log.Information("first");
        File.Move(Path, Path + ".1");
        _clock.Advance(LogFile.LookEvery);
        _log.Information("second");
        _clock.Advance(LogFile.LookEvery);
        _log.Information("third");

        Assert.Equal(["first"], Lines(Path + ".1"));
        Assert.Equal(["second", "third"], Lines(Path));
        Assert.Single(_said);
    }

    /// <summary>logrotate's copytruncate: without a new start the next line would follow after a hole of zeros.</summary>
    [Fact]
    public void AFileThatIsCutIsWrittenFromItsBeginning()
    {
        _log.Information("a long first line");
        _clock.Advance(LogFile.LookEvery);
        _log.Information("first");
        using (FileStream cut = new(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            cut.SetLength(0);
        _clock.Advance(LogFile.LookEvery);
        _log.Information("second");

        Assert.Equal(["second"], Lines(Path));
    }

    [Fact]
    public void AFileThatNobodyTouchesStaysOpen()
    {
        for (int line = 0; line < 3; line++)
        {
            _log.Information("line");
            _clock.Advance(LogFile.LookEvery);
        }

        Assert.Equal(3, Lines(Path).Length);
        Assert.Empty(_said);
    }

    /// <summary>The last flush failed at the end, and a clean stop ended with exit code 1.</summary>
    [Fact]
    public void AFullDiskDoesNotFailTheEnd()
    {
        LogFile full = new(new LogOptions(), "/dev/full", "{Message:lj}{NewLine}", _clock, _said.Add);
        using (Logger log = new LoggerConfiguration().WriteTo.Sink(full).CreateLogger())
            log.Information("line");

        full.Dispose();
    }

    /// <summary>Every line with a cancellation was left out, faults too.</summary>
    [Fact]
    public void OnlyTheHostsOwnLineAboutAStartThatEndedIsLeftOut()
    {
        const string Host = "Microsoft.Extensions.Hosting.Internal.Host";
        Assert.True(ServiceLog.IsAStartThatNeedsNoTrace(Line("Hosting failed to start", Host, new TaskCanceledException())));
        Assert.True(ServiceLog.IsAStartThatNeedsNoTrace(Line("Hosting failed to start", Host, new ConfigurationException("No model.", "See."))));
        Assert.False(ServiceLog.IsAStartThatNeedsNoTrace(Line("Hosting failed to start", Host, new InvalidOperationException())));
        Assert.False(ServiceLog.IsAStartThatNeedsNoTrace(Line("BackgroundService failed", Host, new TaskCanceledException())));
        Assert.False(ServiceLog.IsAStartThatNeedsNoTrace(Line("Request failed", "EdgeShelf.Publish.Requests.RequestInbox", new OperationCanceledException())));
    }

    static LogEvent Line(string text, string source, Exception problem) => new(
        DateTimeOffset.UnixEpoch, LogEventLevel.Error, problem, new Serilog.Parsing.MessageTemplateParser().Parse(text),
        [new LogEventProperty(Constants.SourceContextPropertyName, new ScalarValue(source))]);

    static string[] Lines(string path)
    {
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
