using Microsoft.Extensions.Options;

namespace EdgeShelf.Recognition;

/// <summary>The `Vision` section: how pictures are classified and when a person should look.</summary>
sealed class VisionOptions
{
    public const string Section = "Vision";

    /// <summary>Threads of one inference. Default: the processor's cores, at most 4.</summary>
    public int Threads { get; set; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Below this confidence, 0 to 1, a person should look. Null: as the model's manifest says.</summary>
    public double? MinConfidence { get; set; }

    /// <summary>Best minus second below this, 0 to 1, and a person should look. Null: as the model's manifest says.</summary>
    public double? MinMargin { get; set; }

    /// <summary>Likeness to what was taught, 0 to 1, below which a picture is an unknown product. Null: as the model's manifest says. Only for models that keep examples.</summary>
    public double? MinLikeness { get; set; }

    /// <summary>Pictures whose results are remembered, so that the same bytes are not classified again; 0 turns it off.</summary>
    public int CacheEntries { get; set; } = 64;

    /// <summary>
    /// A frame counts as unchanged when no part of it differs from the last by more, in levels of 255. A still camera's noise stays
    /// below 2. 0: frames are not compared, only bytes are.
    /// </summary>
    public double CacheMaxDifference { get; set; } = 2;
}

sealed class VisionOptionsValidator : IValidateOptions<VisionOptions>
{
    public ValidateOptionsResult Validate(string? name, VisionOptions options)
    {
        // Ranges are asked for as "not inside": NaN is neither below nor above.
        List<string> problems = [];
        if (options.Threads is < 1 or > 64)
            problems.Add($"Vision:Threads is {options.Threads}; allowed are 1 to 64");
        if (options.MinConfidence is not (null or (>= 0 and <= 1)))
            problems.Add($"Vision:MinConfidence is {options.MinConfidence}; allowed are 0 to 1");
        if (options.MinMargin is not (null or (>= 0 and <= 1)))
            problems.Add($"Vision:MinMargin is {options.MinMargin}; allowed are 0 to 1");
        if (options.MinLikeness is < 0 or > 1)
            problems.Add($"Vision:MinLikeness is {options.MinLikeness}; allowed are 0 to 1");
        if (options.CacheEntries is < 0 or > 10_000)
            problems.Add($"Vision:CacheEntries is {options.CacheEntries}; allowed are 0 to 10000");
        if (options.CacheMaxDifference is not (>= 0 and <= 255))
            problems.Add($"Vision:CacheMaxDifference is {options.CacheMaxDifference}; allowed are 0 to 255");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
