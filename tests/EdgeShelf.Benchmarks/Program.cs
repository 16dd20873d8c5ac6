using EdgeShelf.Benchmarks;

// Each line is a ratio of two things measured in turn in this one run, so a busy machine slows both alike.
//   dotnet run -c Release --project tests/EdgeShelf.Benchmarks -- [--fp32 MODEL.onnx] [--flask FLASK.py WEIGHTS.pt CLASSES.csv]
// With --teaching-soak FRAMES nothing is compared: the service sees that many pictures, is taught in between, and must not grow.
if (Argument("--teaching-soak", 1) is { } frames)
{
    await TeachingSoak.RunAsync(int.Parse(frames, System.Globalization.CultureInfo.InvariantCulture));
    return;
}
string? fp32 = Argument("--fp32", 1);
string[]? flask = Array.IndexOf(args, "--flask") is >= 0 and int at && args.Length > at + 3 ? args[(at + 1)..(at + 4)] : null;

Comparison.PrintHeader();
PreprocessingBenchmark.Run();
InferenceBenchmark.Run(fp32);
SlotsBenchmark.Run();
if (flask is not null)
    await FlaskBenchmark.RunAsync(flask[0], flask[1], flask[2]);
else
    Console.WriteLine("The Flask service was not compared: give --flask FLASK.py WEIGHTS.pt CLASSES.csv.");

string? Argument(string name, int offset) => Array.IndexOf(args, name) is >= 0 and int index && args.Length > index + offset ? args[index + offset] : null;
