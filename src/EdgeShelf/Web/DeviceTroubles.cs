using System.Globalization;
using EdgeShelf.Capture.Cameras;

namespace EdgeShelf.Web;

/// <summary>Describes what is wrong with a device, for people who do not know how it works inside.</summary>
static class DeviceTroubles
{
    /// <summary>A Raspberry Pi slows its processor down at 80 °C.</summary>
    public const double HotFrom = 80;

    const string Error = "error";
    const string Warning = "warning";

    /// <param name="minFreeBytes">When less space than this is free, the outbox no longer grows.</param>
    public static IEnumerable<DeviceTrouble> Of(DeviceState state, long minFreeBytes)
    {
        if (state.Outbox.Problem is { } cannotStore)
            yield return new("outbox-failed", Error, "Results cannot be kept", cannotStore, "Free some space on the disk, and check that it is not read-only.");
        if (state.ModelProblem is { } modelProblem)
            yield return new("model-problem", Error, "The model in use has a problem", modelProblem, "`edgeshelf model list` shows the models, `edgeshelf model rollback` returns to the previous one.");
        if (state.PlanProblem is { } planProblem)
            yield return new("plan-damaged", Error, "A file of the slots or the planogram is damaged", planProblem, "Save the slots or the planogram again, or put an earlier version back.");
        if (state.Camera.State == "failing")
            yield return new("camera-offline", Error, "Camera offline", state.Camera.Message ?? "It does not return a picture.", CameraKinds.Find(state.Camera.Kind)?.Hint ?? "`edgeshelf doctor` tests it.");
        if (state.Camera is { State: "unknown", Message: { } missing })
            yield return new("no-camera", Warning, "No camera yet", missing, CameraKinds.Find(state.Camera.Kind)?.Hint ?? "`edgeshelf doctor` tests it.");
        if (state.DiskFreeBytes < minFreeBytes)
            yield return new("disk-full", Error, "The disk is almost full",
                Invariant($"{state.DiskFreeBytes / 1_000_000} MB are free; below {minFreeBytes / 1_000_000} MB each new result pushes out an old one."), "Free some space on the disk: `sudo apt-get clean` and `journalctl --vacuum-size=50M` are safe.");
        if (!state.Broker.Connected)
            yield return new("broker-away", Warning, state.Broker.Since is null ? "Not connected to the broker yet" : "The broker is away",
                Invariant($"{(state.Broker.Problem is { } problem ? problem.TrimEnd('.') + ". " : "")}{Waiting(state.Outbox.Waiting)} kept here and sent when it is back."), "Check the network and Publish:Broker.");
        if (state is { IntervalS: { } interval, LastResultAgeS: { } age, Camera.State: "working" } && age > 3 * interval + 10)
            yield return new("late", Warning, "Pictures are late", Invariant($"The last is {age:0} s old; one is due each {interval:0} s."), "See the log: `journalctl -u edgeshelf`.");
        if (state.Outbox.Refused > 0)
            yield return new("refused", Warning, "The broker refused messages", Invariant($"{state.Outbox.Refused} are set aside."), "`edgeshelf outbox list` shows them and why.");
        if (state.TemperatureC >= HotFrom)
            yield return new("hot", Warning, "The processor is hot", Invariant($"{state.TemperatureC:0} °C; from {HotFrom:0} °C on it slows down."), "Improve the device's ventilation or shade it.");
    }

    static string Waiting(long messages) => messages switch
    {
        0 => "Results are",
        1 => "1 message is",
        _ => Invariant($"{messages} messages are"),
    };

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
