using System.Diagnostics;
using System.Text;

namespace EdgeShelf.Tests.Support;

/// <summary>The real program, as a process of its own, with a state directory of its own.</summary>
sealed class EdgeShelfProcess : IDisposable
{
    static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(2);

    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly StringBuilder _errors = new();

    EdgeShelfProcess(Process process)
    {
        Id = process.Id;
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What the tests' own build made, or the program of a package that EDGESHELF_TESTED_PROGRAM names.</summary>
    public static string Program => Environment.GetEnvironmentVariable("EDGESHELF_TESTED_PROGRAM") is { Length: > 0 } other ? other : Path.Combine(AppContext.BaseDirectory, "edgeshelf");

    /// <summary>Known after the end too.</summary>
    public int Id { get; }

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    /// <param name="state">Stands for systemd's state directory.</param>
    public static EdgeShelfProcess Start(string state, params string[] arguments) => StartBy(state, [Program, .. arguments]);

    /// <param name="command">Ends with the program and its arguments.</param>
    public static EdgeShelfProcess StartBy(string state, params string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["STATE_DIRECTORY"] = state;
        start.Environment["LOGS_DIRECTORY"] = Path.Combine(state, "logs");
        return new EdgeShelfProcess(Process.Start(start)!);
    }

    /// <summary>Runs a verb to its end.</summary>
    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using TemporaryFolder state = new();
        using EdgeShelfProcess process = Start(state.Path, arguments);
        return (process.WaitForExit(), process.Output, process.Errors);
    }

    /// <summary>As a power cut would: no handler runs.</summary>
    public void KillNine()
    {
        _process.Kill();
        WaitForExit();
    }

    /// <summary>As systemd stops it.</summary>
    /// <returns>The exit code.</returns>
    public int Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        return WaitForExit();
    }

    public int WaitForExit()
    {
        if (!_process.WaitForExit(EndsWithin))
            throw new TimeoutException($"edgeshelf did not end within {EndsWithin}. Output: {Output} Errors: {Errors}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    static void Append(StringBuilder lines, string? line)
    {
        lock (lines)
            lines.AppendLine(line);
    }

    static string Read(StringBuilder lines)
    {
        lock (lines)
            return lines.ToString();
    }
}
