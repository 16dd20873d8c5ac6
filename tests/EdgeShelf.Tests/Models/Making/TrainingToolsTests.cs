using System.Diagnostics;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>The tools of scripts/train have their own tests, in Python; this runs them.</summary>
public sealed class TrainingToolsTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task TheirOwnTestsPass()
    {
        TorchNetwork.SkipWhereTorchIsAbsent();
        using Process process = Process.Start(new ProcessStartInfo(TorchNetwork.Python, ["-m", "unittest", "test_train"])
        {
            WorkingDirectory = Path.Combine(Checkout.Root, "scripts", "train"),
            RedirectStandardError = true,
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        })!;
        using CancellationTokenSource limit = new(Limit);

        string report = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);

        Assert.True(process.ExitCode == 0, report);
        Assert.Matches(@"Ran \d\d tests", report);
    }
}
