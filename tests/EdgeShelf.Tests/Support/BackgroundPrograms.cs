using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeShelf.Tests.Support;

/// <summary>Programs that run beside a test, with the lines that they print. They end with the test.</summary>
sealed class BackgroundPrograms : IDisposable
{
    readonly List<Process> _programs = [];
    readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The lines of all programs, each with the prefix of its program.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public string Text => string.Join('\n', _lines);

    /// <param name="prefix">Stands before each line of the program.</param>
    public Process Start(string prefix, params string[] command)
    {
        Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _programs.Add(process);
        process.OutputDataReceived += (_, line) => Add(prefix, line.Data);
        process.ErrorDataReceived += (_, line) => Add(prefix, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>The exit code and what it printed.</returns>
    public static (int ExitCode, string Output, string Errors) Run(string? input, params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    public void Dispose()
    {
        foreach (Process program in _programs)
        {
            if (!program.HasExited)
                program.Kill();
            program.WaitForExit();
            program.Dispose();
        }
    }

    void Add(string prefix, string? line)
    {
        if (line is not null)
            _lines.Enqueue(prefix + line);
    }
}
