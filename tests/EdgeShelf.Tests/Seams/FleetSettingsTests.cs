using System.Text.Json;
using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>The real program and a real broker: settings of the chain, from the document to the next start.</summary>
public sealed class FleetSettingsTests
{
    const string Desired = "edgeshelf/shelf-07/desired";

    [Fact]
    public async Task SettingsTakeEffectAtTheNextStartAndWrongOnesNeverLockTheDeviceOut()
    {
        using TemporaryFolder state = new();
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "edgeshelf/+/reported");
        Directory.CreateDirectory(state.File("pictures"));
        string config = state.Write("edgeshelf.json", JsonSerializer.Serialize(new Dictionary<string, Dictionary<string, object>>
        {
            ["Capture"] = new() { ["Folder"] = new Dictionary<string, string> { ["Path"] = state.File("pictures") }, ["Interval"] = "0" },
            ["Models"] = new() { ["Name"] = TinyModel.Name, ["Trained"] = TinyModel.WriteTo(state.File("models")) },
            ["Publish"] = new() { ["Device"] = "shelf-07", ["Broker"] = broker.Uri },
            ["Web"] = new() { ["Enabled"] = false },
        }));

        using (EdgeShelfProcess first = EdgeShelfProcess.Start(state.Path, "run", "--config", config))
        {
            await reader.UntilAsync(seen => Reports(seen).Any(report => report.Status == FleetStatus.None), "a report");
            MosquittoPub.Publish(broker, Desired, """{"schema":1,"version":1,"settings":{"Capture:Interval":"1s","Planogram:Confirm":99}}""", retain: true);
            await reader.UntilAsync(seen => Reports(seen).Any(report => report.Status == FleetStatus.Refused), "the refusal");
            Assert.Contains("Planogram:Confirm is 99; allowed are 1 to 20.", Assert.Single(Reports(reader).Last().Problems).Message, StringComparison.Ordinal);
            MosquittoPub.Publish(broker, Desired, """{"schema":1,"version":2,"settings":{"Capture:Interval":"45s"}}""", retain: true);
            // systemd starts it again whatever the exit code is; 0 says that nothing failed.
            Assert.Equal(0, first.WaitForExit());
        }
        Assert.Contains("\"Interval\": \"00:00:45\"", Show(state.Path, config), StringComparison.Ordinal);
        using (EdgeShelfProcess second = EdgeShelfProcess.Start(state.Path, "run", "--config", config))
        {
            await reader.UntilAsync(seen => Reports(seen).Any(report => report is { Status: FleetStatus.Applied, DesiredVersion: 2 }), "that it is applied");
            Assert.Equal("45s", Reports(reader).Last().Settings["Capture:Interval"]);
            Assert.Equal(0, second.Terminate());
        }

        // As after an update of the program that no longer allows the value.
        new SettingsOverlay(state.Path).Write(new Dictionary<string, string> { ["Planogram:Confirm"] = "99" });
        using EdgeShelfProcess third = EdgeShelfProcess.Start(state.Path, "run", "--config", config);
        await reader.UntilAsync(seen => Reports(seen).Last() is { Status: FleetStatus.Refused, DesiredVersion: 2 }, "that they were set aside");
        Assert.Contains("set aside", third.Output + third.Errors, StringComparison.Ordinal);
        Assert.Empty(new SettingsOverlay(state.Path).Read());
        Assert.Null(new SettingsOverlay(state.Path).Aside());
        Assert.Equal(0, third.Terminate());
    }

    static IEnumerable<ReportedDocument> Reports(MosquittoSub seen) =>
        seen.On("/reported").Select(message => ReportedDocument.TryParse(System.Text.Encoding.UTF8.GetBytes(message.Payload), out ReportedDocument? report) ? report : null).OfType<ReportedDocument>();

    static string Show(string state, string config)
    {
        using EdgeShelfProcess show = EdgeShelfProcess.Start(state, "config", "show", "--config", config);
        Assert.Equal(0, show.WaitForExit());
        return show.Output;
    }
}
