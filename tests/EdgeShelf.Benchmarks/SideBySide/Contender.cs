using System.Globalization;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>A service that answers `POST /predict`.</summary>
/// <param name="Key">Short name for files and options.</param>
/// <param name="Title">Name in tables and charts.</param>
/// <param name="Command">The program and its arguments for a port, a number of threads and a folder for its state.</param>
sealed record Contender(string Key, string Title, Func<int, int, string, string[]> Command)
{
    public const string Ours = "edgeshelf";
    const string Python = "/usr/bin/python3";

    /// <summary>All services, EdgeShelf first.</summary>
    public static IReadOnlyList<Contender> All(SideBySideOptions options) =>
    [
        new(Ours, "EdgeShelf", (port, threads, state) => OurCommand(options.EdgeShelf, port, threads, state)),
        Peer(options, "torch", "Flask, PyTorch"),
        Peer(options, "torch-frozen", "Flask, PyTorch, frozen"),
        Peer(options, "torch-int8", "Flask, PyTorch INT8"),
        Peer(options, "opencv", "Flask, OpenCV DNN"),
        .. options.Ncnn is null ? (Contender[])[] : [Peer(options, "ncnn", "Flask, ncnn"), Peer(options, "ncnn-int8", "Flask, ncnn INT8")],
    ];

    static Contender Peer(SideBySideOptions options, string engine, string title) =>
        new(engine, title, (port, threads, _) => [Python, Path.Combine(options.Peers, "service.py"), engine, Text(port), Text(threads), options.Model, options.Networks]);

    /// <summary>The service as it is installed, but without its cache, which would answer the same picture from memory, and without a camera.</summary>
    static string[] OurCommand(string program, int port, int threads, string state) =>
    [
        program, "run", "--set", "Capture:Interval=0", "--set", "Capture:Camera=folder", "--set", $"Capture:Folder:Path={state}",
        "--set", $"Vision:Threads={Text(threads)}", "--set", "Vision:CacheEntries=0", "--set", $"Web:Port={Text(port)}",
    ];

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
