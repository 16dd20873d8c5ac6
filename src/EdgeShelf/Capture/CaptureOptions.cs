using System.ComponentModel.DataAnnotations;

namespace EdgeShelf.Capture;

/// <summary>The `Capture` section: where pictures come from and when one is taken.</summary>
sealed class CaptureOptions
{
    public const string Section = "Capture";

    /// <summary>`folder`, `http` or `command`.</summary>
    [Required]
    public string Camera { get; set; } = "folder";

    /// <summary>Between two pictures of the timer; zero turns the timer off.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one picture may take before the camera counts as hung.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);
}
