using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.File;

namespace EdgeShelf.Logging;

/// <summary>
/// The capped log files. Serilog's sink keeps its file open, so that after somebody deleted or rotated it, lines would go where nobody reads
/// them: now and then this looks whether the path still leads to the open file, and opens the path anew where it does not.
/// </summary>
/// <param name="say">Takes a line that tells so; the log itself cannot.</param>
sealed class LogFile(LogOptions options, string path, string template, TimeProvider clock, Action<string> say) : ILogEventSink, IDisposable
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    Logger? _file;
    OpenFile? _open;
    long _lookedAt;

    public void Emit(LogEvent logEvent)
    {
        lock (_gate)
        {
            if (_file is not null && clock.GetElapsedTime(_lookedAt) >= LookEvery)
            {
                _lookedAt = clock.GetTimestamp();
                if (_open!.IsLost())
                {
                    say($"The log file {path} was deleted, moved or cut by another program; it is opened anew.");
                    Close();
                }
            }
            (_file ??= Open()).Write(logEvent);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            Close();
    }

    Logger Open()
    {
        _open = new OpenFile();
        _lookedAt = clock.GetTimestamp();
        return new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.File(
                path,
                outputTemplate: template,
                formatProvider: CultureInfo.InvariantCulture,
                fileSizeLimitBytes: options.MaxFileBytes,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: options.MaxFiles,
                hooks: _open)
            .CreateLogger();
    }

    void Close()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // What waits in the buffer cannot be written either. That was told when it happened, and must not fail a clean stop.
        }
        _open?.Dispose();
        (_file, _open) = (null, null);
    }

    /// <summary>Follows the sink from file to file, with a handle of its own to the one that is written.</summary>
    sealed class OpenFile : FileLifecycleHooks, IDisposable
    {
        SafeFileHandle? _handle;
        string _path = "";
        string? _place;
        long _length;

        public override Stream OnFileOpened(string path, Stream underlyingStream, System.Text.Encoding encoding)
        {
            _handle?.Dispose();
            _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            (_path, _place, _length) = (path, Place(), 0);
            return underlyingStream;
        }

        /// <returns>True when the path leads elsewhere now, or the file is shorter than it was.</returns>
        public bool IsLost()
        {
            if (_handle is null || _place is null)
                return false;
            if (Place() != _place || !File.Exists(_path))
                return true;
            long before = _length;
            _length = RandomAccess.GetLength(_handle);
            return _length < before;
        }

        public void Dispose() => _handle?.Dispose();

        /// <summary>Where the open file is now, by proc(5): its name follows a move, and ends with `(deleted)` after the last name was taken away.</summary>
        /// <returns>Null where the system does not tell.</returns>
        string? Place()
        {
            try
            {
                return File.ResolveLinkTarget($"/proc/self/fd/{_handle!.DangerousGetHandle()}", returnFinalTarget: false)?.FullName;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
