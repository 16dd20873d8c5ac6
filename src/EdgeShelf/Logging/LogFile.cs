using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.File;

namespace EdgeShelf.Logging;

/// <summary>
/// The capped log files. Serilog's sink keeps its file open, so that lines would be lost after another program deleted or rotated the file.
/// This class regularly checks whether the path still leads to the open file, and opens the path again if it does not.
/// </summary>
/// <param name="say">Receives a line that reports this, because the log itself cannot report it.</param>
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
                    say($"The log file {path} was deleted, moved or cut by another program; it is opened again.");
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
            // The lines in the buffer cannot be written either. The problem was reported when it occurred, and must not make a clean stop fail.
        }
        _open?.Dispose();
        (_file, _open) = (null, null);
    }

    /// <summary>Follows the sink from file to file, with a separate handle to the file that is being written.</summary>
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

        /// <returns>True if the path now leads to another file, or if the file is shorter than before.</returns>
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

        /// <summary>The current path of the open file, see proc(5). It follows a move, and ends with `(deleted)` after the last name was removed.</summary>
        /// <returns>The path, or null if the system does not provide it.</returns>
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
