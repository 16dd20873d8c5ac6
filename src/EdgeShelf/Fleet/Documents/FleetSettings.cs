namespace EdgeShelf.Fleet.Documents;

/// <summary>
/// The settings that a desired document may change. The broker, credentials, addresses and paths are left out, because a mistake there
/// would cut the device off, and whoever may write the document must not get more rights than that.
/// </summary>
static class FleetSettings
{
    public static IReadOnlyList<string> Allowed { get; } =
    [
        "Capture:Interval",
        "Capture:Rpicam:Width", "Capture:Rpicam:Height",
        "Capture:V4l2:Width", "Capture:V4l2:Height",
        "Log:Level",
        "Planogram:Confirm", "Planogram:ConfirmUnknown", "Planogram:ConfirmEvery",
        "Publish:HomeAssistant", "Publish:Image",
        "Vision:MinConfidence", "Vision:MinMargin", "Vision:MinLikeness",
    ];
}
