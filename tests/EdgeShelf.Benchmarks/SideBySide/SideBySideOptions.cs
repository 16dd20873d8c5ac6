namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>What is compared, with what, and where the results go.</summary>
sealed record SideBySideOptions
{
    /// <summary>Folder with what `float_network.py` and `torch_network.py` wrote.</summary>
    public required string Networks { get; init; }

    /// <summary>Folder with `service.py`.</summary>
    public required string Peers { get; init; }

    /// <summary>Folder for `RESULTS.md` and the charts.</summary>
    public required string Output { get; init; }

    /// <summary>Path of the program `edgeshelf`.</summary>
    public required string EdgeShelf { get; init; }

    /// <summary>The shipped model.</summary>
    public string Model { get; } = new Models.ModelStore(new Models.ModelsOptions()).Find(new Models.ModelsOptions().Name);

    /// <summary>A list of labelled pictures, and the folder that its paths start from. Null: accuracy is not measured, only agreement on the sample pictures.</summary>
    public string? Data { get; init; }

    public string? Root { get; init; }

    /// <summary>What was typed, and the commit that it ran on.</summary>
    public string Command { get; init; } = "";

    public string Commit { get; init; } = "";

    /// <summary>Version of ncnn, which then takes part with `libncnn.so` and what `ncnn_files.py` wrote to <see cref="Networks"/>. Null: it does not take part.</summary>
    public string? Ncnn { get; init; }

    /// <summary>Few requests on one processor: whether all of it works, not how fast it is.</summary>
    public bool IsQuick { get; init; }

    public int Starts => IsQuick ? 1 : 3;

    public int Rounds => IsQuick ? 2 : 8;

    public int PicturesATurn => IsQuick ? 4 : 16;

    /// <param name="args">Options of `--side-by-side`, in any order.</param>
    public static SideBySideOptions Parse(string[] args)
    {
        string? Find(string name) => Array.IndexOf(args, name) is >= 0 and int index && args.Length > index + 1 ? args[index + 1] : null;
        string Require(string name) => Find(name) ?? throw new ArgumentException($"{name} is missing. Run scripts/bench.sh, which gives it.", nameof(args));
        return new SideBySideOptions
        {
            Networks = Require("--networks"),
            Peers = Require("--peers"),
            Output = Require("--output"),
            EdgeShelf = Find("--edgeshelf") ?? Path.Combine(AppContext.BaseDirectory, "edgeshelf"),
            Data = Find("--data"),
            Root = Find("--root"),
            Command = Find("--command") ?? "",
            Commit = Find("--commit") ?? "",
            Ncnn = Find("--ncnn"),
            IsQuick = args.Contains("--quick"),
        };
    }
}
