using System.Globalization;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Platform;

namespace EdgeShelf.Cli;

/// <summary>Devices of a fleet as text. All of it comes from devices, so that it is shown as data on one line.</summary>
static class FleetText
{
    /// <summary>The number of letters of a problem that are shown. What to do stands at its end.</summary>
    const int MaxProblem = 1000;

    public static IReadOnlyList<string> Columns { get; } = ["device", "group", "is", "desired", "status", "model", "planogram", "available", "software"];

    public static IReadOnlyList<string> Cells(FleetDevice device) =>
    [
        device.Name,
        Short(device.Group),
        device.IsOnline ? "online" : "away",
        device.Reported?.DesiredVersion is { } version ? string.Create(CultureInfo.InvariantCulture, $"{version}{(device.Reported.DesiredFrom == "device" ? " own" : "")}") : "-",
        Status(device.Reported),
        device.Reported?.Model is { } model ? Short($"{model.Name} {model.Version}") : "-",
        device.Reported?.Planogram is { } planogram ? Short($"{planogram.Name} {planogram.Version}") : "-",
        device.Reported?.Availability is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %") : "-",
        Short(device.Reported?.Software),
    ];

    /// <summary>Why a device did not take its document, one line each.</summary>
    public static IEnumerable<string> Problems(FleetDevice device) => (device.Reported?.Problems ?? []).Select(problem => $"{PlainText.Shown(problem.Code, 40)}: {PlainText.Shown(problem.Message, MaxProblem)}");

    /// <summary>Writes a table in columns that are as wide as their widest cell.</summary>
    public static void WriteTable(TextWriter output, IReadOnlyList<FleetDevice> devices)
    {
        IReadOnlyList<string>[] rows = [Columns, .. devices.Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, Columns.Count).Select(column => rows.Max(row => row[column].Length))];
        foreach ((int index, IReadOnlyList<string> row) in rows.Index())
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
            if (index > 0)
                foreach (string problem in Problems(devices[index - 1]))
                    output.WriteLine($"  {problem}");
        }
    }

    /// <summary>One line on all devices.</summary>
    public static string Summary(IReadOnlyList<FleetDevice> devices) => string.Create(
        CultureInfo.InvariantCulture,
        $"{devices.Count} {(devices.Count == 1 ? "device" : "devices")}, {devices.Count(device => device.IsOnline)} online{string.Concat(devices.GroupBy(device => device.Reported?.Status ?? "silent").OrderBy(status => status.Key, StringComparer.Ordinal).Select(status => $", {status.Count()} {PlainText.Shown(status.Key, 20)}"))}");

    static string Status(ReportedDocument? reported) => reported is null ? "silent" : Short(reported.Step is { } step ? $"{reported.Status}, {step}" : reported.Status);

    static string Short(string? text) => text is null ? "-" : PlainText.Shown(text, 40);
}
