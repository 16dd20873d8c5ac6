using System.Text.Json.Serialization;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Recognition.Slots;

/// <summary>The `Planogram` section: how slots are judged and when a change counts.</summary>
sealed class PlanogramOptions
{
    public const string Section = "Planogram";

    /// <summary>The number of looks that must agree before a change counts; all but the first must be still. 1 to 20.</summary>
    public int Confirm { get; set; } = 3;

    /// <summary>The same for `unknown`, which a hand in front of the shelf resembles most. 1 to 40.</summary>
    public int ConfirmUnknown { get; set; } = 6;

    /// <summary>The time from a look with an unconfirmed change to the next look. 1 s to 5 min.</summary>
    public TimeSpan ConfirmEvery { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The time after which the network runs for a slot even if it looks as it did. 1 min to 1 day.</summary>
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The lowest likeness (centred cosine) at which a product passes. 0 to 1.</summary>
    public double MinLikeness { get; set; } = 0.35;

    /// <summary>The most by which another product may be more like than the expected one. 0 to 1.</summary>
    public double Margin { get; set; } = 0.05;

    /// <summary>The lowest likeness at which a place passes as empty. 0 to 1.</summary>
    public double MinEmpty { get; set; } = 0.25;

    /// <summary>The largest difference, as 1 - cosine of the descriptors, between two looks at a still slot. 0 to 1.</summary>
    public double StillWithin { get; set; } = 0.12;

    [JsonIgnore]
    public LikenessThresholds Thresholds => new(MinLikeness, Margin, MinEmpty);

    [JsonIgnore]
    public SlotPatience Patience => new(Confirm, ConfirmUnknown, StillWithin);
}

sealed class PlanogramOptionsValidator : IValidateOptions<PlanogramOptions>
{
    public ValidateOptionsResult Validate(string? name, PlanogramOptions options)
    {
        List<string> problems = [];
        void Require(bool isAllowed, string key, object value, string allowed)
        {
            if (!isAllowed)
                problems.Add($"{PlanogramOptions.Section}:{key} is {value}; allowed are {allowed}");
        }
        Require(options.Confirm is >= 1 and <= 20, nameof(options.Confirm), options.Confirm, "1 to 20");
        Require(options.ConfirmUnknown is >= 1 and <= 40, nameof(options.ConfirmUnknown), options.ConfirmUnknown, "1 to 40");
        Require(options.ConfirmEvery >= TimeSpan.FromSeconds(1) && options.ConfirmEvery <= TimeSpan.FromMinutes(5), nameof(options.ConfirmEvery), Duration.Text(options.ConfirmEvery), "1 second to 5 minutes");
        Require(options.RefreshEvery >= TimeSpan.FromMinutes(1) && options.RefreshEvery <= TimeSpan.FromDays(1), nameof(options.RefreshEvery), Duration.Text(options.RefreshEvery), "1 minute to 1 day");
        Require(options.MinLikeness is >= 0 and <= 1, nameof(options.MinLikeness), options.MinLikeness, "0 to 1");
        Require(options.Margin is >= 0 and <= 1, nameof(options.Margin), options.Margin, "0 to 1");
        Require(options.MinEmpty is >= 0 and <= 1, nameof(options.MinEmpty), options.MinEmpty, "0 to 1");
        Require(options.StillWithin is >= 0 and <= 1, nameof(options.StillWithin), options.StillWithin, "0 to 1");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
