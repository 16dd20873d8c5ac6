using System.Diagnostics;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Programs;

/// <summary>
/// One run of a camera program, in its own session. The program and all processes that it started have ended when
/// <see cref="DisposeAsync"/> returns, which takes about two seconds at most, unless the kernel blocks them; see <see cref="IsStuck"/>.
/// </summary>
sealed class ChildProcess : IAsyncDisposable
{
    // Each process of the run inherits this variable, so that processes that left the session are also found.
    const string RunVariable = "EDGESHELF_CAPTURE_RUN";

    static readonly TimeSpan TermGrace = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(1.5);

    readonly Process _process;
    readonly string _run;
    readonly TimeProvider _clock;
    readonly Func<int, int, int> _kill;
    readonly TailBuffer _stderr = new();
    readonly Task _stderrPump;
    Task? _end;
    bool _isReleased;

    ChildProcess(Process process, string run, TimeProvider clock, Func<int, int, int> kill)
    {
        (_process, _run, _clock, _kill) = (process, run, clock, kill);
        _process.StandardInput.Close();
        _stderrPump = OnThreadOfItsOwn(() => Drain(_process.StandardError.BaseStream, _stderr));
    }

    /// <summary>The standard output of the program.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>The end of the program's standard error, for messages. Empty if it wrote nothing.</summary>
    public string LastWords => _stderr.LastLines();

    /// <summary>
    /// Whether the program was killed but has not ended, because it waits in the kernel (state D of proc(5)). This happens, for example,
    /// when a camera is unplugged during a capture. Only the kernel can end it.
    /// </summary>
    public bool IsStuck => _end is { IsCompleted: true } && !HasEnded();

    /// <param name="before">The previous run, which must have released the camera, because two programs must never open it at the same time.</param>
    /// <param name="kill">kill(2). Tests pass another function.</param>
    /// <exception cref="CaptureException">`camera-failed`: the program does not exist or cannot be run. `camera-stuck`: the previous run cannot be ended.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, TimeProvider clock, ChildProcess? before = null, Func<int, int, int>? kill = null)
    {
        if (before is { IsStuck: true })
            throw new CaptureException(
                "camera-stuck", $"The camera program of an earlier picture (process {before._process.Id}) cannot be ended, because the kernel blocks it. EdgeShelf does not start a second one.",
                "Unplug the camera and plug it in again, or restart the device.");
        before?.Release();
        string path = Executable.Find(program)
            ?? throw new CaptureException("camera-failed", $"The program {program} does not exist or cannot be run.", "Install it, or correct its name in the configuration.");
        string run = Guid.NewGuid().ToString("N");
        // setsid(1) of util-linux replaces itself by the program, so the process id is both the program's and the group's.
        string? setsid = Executable.Find("setsid");
        ProcessStartInfo start = new(setsid ?? path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [RunVariable] = run },
        };
        if (setsid is not null)
            start.ArgumentList.Add(path);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            return new ChildProcess(Process.Start(start)!, run, clock, kill ?? Posix.Kill);
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            throw new CaptureException("camera-failed", $"{path} could not be started: {refused.Message}", "Check that it can be run manually as this user.", refused);
        }
    }

    /// <summary>Reads standard output to its end.</summary>
    /// <remarks>Reading from a pipe cannot be cancelled. It ends when <see cref="DisposeAsync"/> has ended all processes that hold the other end.</remarks>
    /// <exception cref="CaptureException">`too-large`.</exception>
    public Task<byte[]> ReadOutputAsync(int maxBytes) => OnThreadOfItsOwn(() =>
    {
        using MemoryStream read = new();
        byte[] buffer = new byte[64 * 1024];
        for (int count; (count = Output.Read(buffer)) > 0;)
        {
            if (read.Length + count > maxBytes)
                throw new CaptureException("too-large", $"The program wrote more than {maxBytes} bytes.", "Configure it to write one picture only, and a smaller one.");
            read.Write(buffer, 0, count);
        }
        return read.ToArray();
    });

    /// <summary>Waits for the program itself, but not for processes that it started.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks the program to end, then kills it and all processes that it started.</summary>
    public Task EndAsync() => _end ??= EndOnceAsync();

    async Task EndOnceAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Posix.SigTerm);
            await ExitedWithin(TermGrace);
        }
        // A process may be started during the search, so repeat until none is found. The limit protects against a fork bomb.
        for (int round = 0; round < 10; round++)
        {
            Signal(Posix.SigKill);
            if (!KillLeftBehind())
                break;
        }
        await ExitedWithin(ExitLimit);
        // The pump ends when no process holds the pipe. Only then is the error output complete.
        await Task.WhenAny(_stderrPump, Task.Delay(ExitLimit, _clock));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (!IsStuck)
            Release();
    }

    void Release()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        if (_stderrPump.IsCompleted)
            _process.StandardError.Dispose();
        _process.Dispose();
    }

    bool HasEnded() => _isReleased || (_process.HasExited && !Directory.EnumerateDirectories("/proc").Any(IsOfThisRun));

    static Task<T> OnThreadOfItsOwn<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    void Signal(int signal)
    {
        int pid = _process.Id;
        // The group outlives its leader while it has other members. Before setsid has run, the leader does not have its own group.
        _kill(-pid, signal);
        if (!_process.HasExited)
            _kill(pid, signal);
    }

    async Task ExitedWithin(TimeSpan limit)
    {
        using CancellationTokenSource late = new(limit, _clock);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // A process in an uninterruptible wait of a kernel driver cannot be killed.
        }
    }

    bool KillLeftBehind()
    {
        bool any = false;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int pid) && pid != Environment.ProcessId && IsOfThisRun(folder))
                any |= _kill(pid, Posix.SigKill) == 0;
        }
        return any;
    }

    bool IsOfThisRun(string procFolder)
    {
        try
        {
            // The environment of a zombie is empty, so processes that have ended are not found again.
            return File.ReadAllText(Path.Combine(procFolder, "environ")).Contains($"{RunVariable}={_run}", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static bool Drain(Stream stream, TailBuffer into)
    {
        byte[] buffer = new byte[4096];
        for (int count; (count = stream.Read(buffer)) > 0;)
            into.Append(buffer.AsSpan(0, count));
        return true;
    }
}
