using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>`scripts/bench.sh` compares EdgeShelf with other services. This tries all of it with few requests, so that it works when somebody measures.</summary>
public sealed partial class SideBySideBenchmarkTests
{
    const int Services = 5;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    static readonly string[] Modules = ["torch", "torchvision", "onnx", "cv2", "flask", "waitress"];

    [Fact]
    public async Task EveryServiceIsMeasuredAndRunsTheShippedNetwork()
    {
        TorchNetwork.SkipWhereTorchIsAbsent();
        foreach (string module in Modules)
            Assert.SkipUnless((await RunAsync(TorchNetwork.Python, "-c", $"import {module}")).ExitCode == 0, $"the Python module {module} is not installed");
        Assert.SkipUnless(
            File.Exists(Path.Combine(Checkout.Root, "tests/EdgeShelf.Benchmarks/bin/Release/net10.0/EdgeShelf.Benchmarks")), "tests/EdgeShelf.Benchmarks is not built in Release");
        using TemporaryFolder folder = new();

        (int exitCode, string output) = await RunAsync(Path.Combine(Checkout.Root, "scripts/bench.sh"), "--quick", "--output", folder.Path);

        Assert.True(exitCode == 0, output);
        string page = await File.ReadAllTextAsync(folder.File("RESULTS.md"), TestContext.Current.CancellationToken);
        Match[] rows = MeasuredRow().Matches(page).ToArray();
        Assert.Equal(12, rows.Length);
        Assert.All(rows, row => Assert.All(Numbers(row), number => Assert.True(number > 0, row.Value)));
        // Those that run in FP32 answer what the FP32 network answers in ONNX Runtime; OpenCV resizes a little differently.
        double[] first = Numbers(AgreementRow().Match(page));
        Assert.Equal(100, first[1]);
        Assert.Equal(100, first[2]);
        Assert.All(first, share => Assert.InRange(share, 80, 100));
        string[] charts = Directory.GetFiles(folder.Path, "*.svg");
        Assert.Equal(5, charts.Length);
        Assert.All(charts, chart => Assert.Equal(Services, XDocument.Load(chart).Descendants().Count(element => element.Name.LocalName == "rect")));
    }

    static double[] Numbers(Match row) => [.. row.Groups["number"].Captures.Select(capture => double.Parse(capture.Value, CultureInfo.InvariantCulture))];

    static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            string errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"^\| [^|]+ \|(?: (?<number>[0-9.]+) \|){5} (?:first|level|\*\*not first)", RegexOptions.Multiline)]
    private static partial Regex MeasuredRow();

    [GeneratedRegex(@"^\| first \|(?: (?<number>[0-9.]+) % \|){6}", RegexOptions.Multiline)]
    private static partial Regex AgreementRow();
}
