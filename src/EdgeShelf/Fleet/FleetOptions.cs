using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Fleet;

/// <summary>The `Fleet` section: whether a chain may change this device from afar, and within which limits.</summary>
sealed class FleetOptions
{
    public const string Section = "Fleet";

    /// <summary>Whether the device takes what the chain wants, from `…/desired`. If not, it neither subscribes nor reports.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether the fleet is on, also in settings that are not validated yet.</summary>
    public static bool IsEnabledIn(IConfiguration configuration) => !bool.TryParse(configuration[$"{Section}:{nameof(Enabled)}"], out bool isEnabled) || isEnabled;

    /// <summary>Whether a claim is made, also in settings that are not validated yet.</summary>
    public static bool IsClaimIn(IConfiguration configuration) => bool.TryParse(configuration[$"{Section}:{nameof(Claim)}"], out bool isClaim) && isClaim;

    /// <summary>The group of the device, by the same rule as the name of a device; null for none.</summary>
    public string? Group { get; set; }

    /// <summary>
    /// Whether the user name and the password of the broker are those of a claim, with which the device may only ask for its own. What it gets
    /// replaces them, its name and its group.
    /// </summary>
    public bool Claim { get; set; }

    /// <summary>The file with one or two public keys that sign models. Without it no model is taken.</summary>
    public string KeyFile { get; set; } = "/etc/edgeshelf/fleet.pub";

    /// <summary>Whether files may be downloaded from loopback, link-local, multicast and unspecified addresses.</summary>
    public bool AllowLocalAddresses { get; set; }

    /// <summary>The largest archive of a model, in bytes. 1 MB to 1 GB.</summary>
    public long MaxModelBytes { get; set; } = 256L << 20;

    /// <summary>The space on the volume, in bytes, that stays free after a download.</summary>
    public long MinFreeBytes { get; set; } = 64L << 20;

    /// <summary>The time over which the devices of a fleet spread their downloads. Zero: at once. At most 1 day.</summary>
    public TimeSpan Spread { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The time limit of one connection and of each wait for data. 1 s to 10 min.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time limit of one attempt to download a file. What arrived is kept for the next attempt. 1 min to 1 day.</summary>
    public TimeSpan DownloadTimeout { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The time for which a new model is compared with the one before. Zero turns the comparison off. At most 1 day.</summary>
    public TimeSpan Watch { get; set; } = TimeSpan.FromHours(1);

    /// <summary>By how much the share of answers for review may rise, 0 to 1.</summary>
    public double MaxMoreReview { get; set; } = 0.2;

    /// <summary>By how much the share of unknown products may rise, 0 to 1.</summary>
    public double MaxMoreUnknown { get; set; } = 0.2;

    /// <summary>By how much the share of pictures with which the network fails may rise, 0 to 1.</summary>
    public double MaxMoreFailures { get; set; } = 0.05;

    /// <summary>How many times as long as before the network may take. 1 to 100.</summary>
    public double MaxSlower { get; set; } = 2;
}

sealed class FleetOptionsValidator : IValidateOptions<FleetOptions>
{
    public ValidateOptionsResult Validate(string? name, FleetOptions options)
    {
        List<string> problems = [];
        void Require(bool holds, string key, object? value, string allowed)
        {
            if (!holds)
                problems.Add($"{FleetOptions.Section}:{key} is {(value is null or "" ? "empty" : value is TimeSpan time ? Duration.Text(time) : value)}; allowed are {allowed}");
        }
        void RequireTime(TimeSpan value, string key, TimeSpan least, TimeSpan most) =>
            Require(value >= least && value <= most, key, value, $"{Duration.Text(least)} to {Duration.Text(most)}");

        Require(options.Group is null || DeviceName.IsValid(options.Group), nameof(options.Group), options.Group, DeviceName.Allowed);
        Require(options.KeyFile.Length > 0, nameof(options.KeyFile), options.KeyFile, "paths of a file");
        Require(options.MaxModelBytes is >= 1 << 20 and <= Documents.DesiredDocument.MaxModelBytes, nameof(options.MaxModelBytes), options.MaxModelBytes, $"{1 << 20} to {Documents.DesiredDocument.MaxModelBytes}");
        Require(options.MinFreeBytes is >= 0 and <= 1L << 40, nameof(options.MinFreeBytes), options.MinFreeBytes, $"0 to {1L << 40}");
        RequireTime(options.Spread, nameof(options.Spread), TimeSpan.Zero, TimeSpan.FromDays(1));
        RequireTime(options.ReadTimeout, nameof(options.ReadTimeout), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        RequireTime(options.DownloadTimeout, nameof(options.DownloadTimeout), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        RequireTime(options.Watch, nameof(options.Watch), TimeSpan.Zero, TimeSpan.FromDays(1));
        Require(options.MaxMoreReview is >= 0 and <= 1, nameof(options.MaxMoreReview), options.MaxMoreReview, "0 to 1");
        Require(options.MaxMoreUnknown is >= 0 and <= 1, nameof(options.MaxMoreUnknown), options.MaxMoreUnknown, "0 to 1");
        Require(options.MaxMoreFailures is >= 0 and <= 1, nameof(options.MaxMoreFailures), options.MaxMoreFailures, "0 to 1");
        Require(options.MaxSlower is >= 1 and <= 100, nameof(options.MaxSlower), options.MaxSlower, "1 to 100");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
