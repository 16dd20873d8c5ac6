using Microsoft.Extensions.Options;

namespace EdgeShelf.Recognition;

/// <summary>The `Vision` section: how pictures are classified and when a person should review the result.</summary>
sealed class VisionOptions
{
    public const string Section = "Vision";

    /// <summary>The number of threads of one inference. The default is the number of processor cores, at most 4.</summary>
    public int Threads { get; set; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>The confidence, 0 to 1, below which a person should review the result. Null means the value of the model's manifest.</summary>
    public double? MinConfidence { get; set; }

    /// <summary>
    /// The margin between the best and the second confidence, 0 to 1, below which a person should review the result. Null means the value of
    /// the model's manifest.
    /// </summary>
    public double? MinMargin { get; set; }

    /// <summary>The likeness to the taught pictures, 0 to 1, below which a picture shows an unknown product. Null means the value of the model's manifest. Only for models that keep examples.</summary>
    public double? MinLikeness { get; set; }

    /// <summary>The number of pictures whose results are cached, so that the same bytes are not classified again. 0 turns the cache off.</summary>
    public int CacheEntries { get; set; } = 64;

    /// <summary>
    /// The maximum difference, in levels of 255, between any part of a frame and the last frame at which the frame counts as unchanged. The
    /// noise of a fixed camera stays below 2. With 0 only the bytes are compared, not the frames.
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
