using System.Diagnostics;

namespace EdgeShelf.Teaching.Training;

/// <summary>The process of one training. It has the lowest priority, the system ends it first where memory is short, and it ends when this process does.</summary>
sealed class TrainingProcess : IDisposable
{
    /// <summary>The time that the process gets to end by itself, and to end after it was killed.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>The characters of the program's errors that are kept.</summary>
    const int ErrorsKept = 2000;

    const string Nice = "/usr/bin/nice";

    readonly Process _process;

    TrainingProcess(Process process) => _process = process;

    /// <summary>Whether somebody asked it to end.</summary>
    public bool IsCancelled { get; set; }

    /// <exception cref="TeachingException">The program cannot be started.</exception>
    public static TrainingProcess Start(IEnumerable<string> arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "edgeshelf");
        // Nice must be set before the program starts: on Linux it belongs to each thread, and threads inherit it.
        string[] command = File.Exists(Nice) ? [Nice, "-n", "19", program, .. arguments] : [program, .. arguments];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // The notification socket is the service's: a second process must not report to systemd.
        start.Environment.Remove("NOTIFY_SOCKET");
        start.Environment.Remove("WATCHDOG_USEC");
        try
        {
            TrainingProcess started = new(Process.Start(start)!);
            started.PreferForMemory();
            return started;
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new TeachingException(TeachingException.Conflict, $"{command[0]} could not be started: {problem.Message}", "Install the edgeshelf package again.", problem);
        }
    }

    /// <summary>Reads the program's lines until it ends.</summary>
    /// <returns>The exit code and the end of its errors.</returns>
    public async Task<(int ExitCode, string Errors)> WaitAsync(Action<string> told)
    {
        Task<string> errors = ReadErrorsAsync();
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            told(line);
        string problem = await errors;
        await _process.WaitForExitAsync(CancellationToken.None);
        return (_process.ExitCode, problem);
    }

    /// <summary>Asks the program to end by closing its input, and kills it if it does not.</summary>
    public async Task EndAsync(TimeProvider clock)
    {
        try
        {
            _process.StandardInput.Close();
            if (await EndedWithinAsync(clock))
                return;
            _process.Kill(entireProcessTree: true);
            await EndedWithinAsync(clock);
        }
        catch (Exception ended) when (ended is InvalidOperationException or IOException)
        {
            // It has ended in the meantime.
        }
    }

    public void Dispose() => _process.Dispose();

    async Task<bool> EndedWithinAsync(TimeProvider clock)
    {
        using CancellationTokenSource limit = new(Grace, clock);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return false;
        }
    }

    async Task<string> ReadErrorsAsync()
    {
        string kept = "";
        while (await _process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            kept = $"{kept} {line}".Trim();
            kept = kept[..Math.Min(kept.Length, ErrorsKept)];
        }
        return kept;
    }

    /// <summary>Makes the kernel end this process before the service where memory is short.</summary>
    void PreferForMemory()
    {
        try
        {
            File.WriteAllText($"/proc/{_process.Id}/oom_score_adj", "900");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // It has ended already, or the system does not allow it; the unit's limit of memory holds in any case.
        }
    }
}
