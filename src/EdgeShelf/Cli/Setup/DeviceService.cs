using System.Diagnostics;

namespace EdgeShelf.Cli.Setup;

/// <summary>The installed service, through systemctl(1).</summary>
/// <param name="run">Runs systemctl and returns its exit code and what it wrote. Tests pass another function.</param>
sealed class DeviceService(Func<string[], CancellationToken, Task<(int ExitCode, string Output)>> run)
{
    const string Unit = "edgeshelf.service";

    /// <summary>The time limit of one call. The unit may take 120 s to start.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(130);

    public static DeviceService OfThisMachine { get; } = new(RunAsync);

    /// <summary>Whether systemd runs here and knows the unit.</summary>
    public async Task<bool> IsInstalledAsync(CancellationToken cancellationToken) => (await run(["cat", Unit], cancellationToken)).ExitCode == 0;

    public async Task<bool> IsActiveAsync(CancellationToken cancellationToken) => (await run(["is-active", "--quiet", Unit], cancellationToken)).ExitCode == 0;

    /// <returns>Why it did not succeed, or null.</returns>
    public async Task<string?> DoAsync(string verb, CancellationToken cancellationToken)
    {
        (int exitCode, string output) = await run([verb, Unit], cancellationToken);
        return exitCode == 0 ? null : $"`systemctl {verb} edgeshelf` ended with {exitCode}{(output.Length > 0 ? $": {output}" : "")}";
    }

    static async Task<(int, string)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (!Directory.Exists("/run/systemd/system"))
            return (-1, "systemd does not run here");
        ProcessStartInfo start = new("systemctl", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using CancellationTokenSource limit = new(Limit, TimeProvider.System);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(either.Token);
            string errors = await process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            _ = await output;
            return (process.ExitCode, errors.ReplaceLineEndings(" ").Trim());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // systemctl only waits; the job goes on without it.
            process.Kill();
            return (-1, $"no answer within {Limit.TotalSeconds} s");
        }
    }
}
