using EdgeShelf.Benchmarks;
using EdgeShelf.Benchmarks.SideBySide;

// Each line is a ratio of two things measured in turn in this one run, so a busy machine slows both alike.
//   dotnet run -c Release --project tests/EdgeShelf.Benchmarks -- [--fp32 MODEL.onnx]
// With --side-by-side EdgeShelf is compared with other services; scripts/bench.sh gives the options.
// With --teaching-soak FRAMES nothing is compared: the service sees that many pictures, is taught in between, and must not grow.
if (args.Contains("--side-by-side"))
{
    await SideBySideRun.RunAsync(SideBySideOptions.Parse(args));
    return;
}
if (Argument("--teaching-soak", 1) is { } frames)
{
    await TeachingSoak.RunAsync(int.Parse(frames, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

Comparison.PrintHeader();
PreprocessingBenchmark.Run();
InferenceBenchmark.Run(Argument("--fp32", 1));
SlotsBenchmark.Run();

string? Argument(string name, int offset) => Array.IndexOf(args, name) is >= 0 and int index && args.Length > index + offset ? args[index + offset] : null;
