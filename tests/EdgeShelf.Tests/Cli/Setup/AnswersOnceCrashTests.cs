using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Cli.Setup;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli.Setup;

/// <summary>The program is killed with signal 9 at seeded moments while it takes a file from a card. `EDGESHELF_SETUP_KILLS` sets the number.</summary>
public sealed class AnswersOnceCrashTests
{
    static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("EDGESHELF_SETUP_KILLS") ?? "16", CultureInfo.InvariantCulture);

    [Fact]
    public async Task AKilledSetupLeavesTheSettingsOfBeforeOrAfterAndTheNextOneEndsIt()
    {
        Random random = new(21);
        HashSet<string> moments = [];
        for (int kill = 0; kill < Kills; kill++)
        {
            using TemporaryFolder card = new();
            using TemporaryFolder etc = new();
            string file = card.Write("edgeshelf-setup.json", """{ "camera": "auto", "device": "after", "broker": { "address": "mqtts://broker", "user": "after", "password": "on the shelf" } }""");
            string settings = etc.Write("edgeshelf.json", """{ "Capture": { "Camera": "auto" }, "Publish": { "Device": "before" } }""");
            string[] arguments = ["setup", "--no-restart", "--config", settings, "--once", file];

            // The checks take most of the time. Most kills come right after the settings are written, when the file is remembered and deleted.
            (string sign, int within) = kill % 4 == 0 ? ("is taken", 300) : ("is written", 12);
            await KilledProcess.RunAsync(new ProcessStartInfo(EdgeShelfProcess.Program, arguments), said => said.Contains(sign, StringComparison.Ordinal), TimeSpan.FromMilliseconds(random.Next(within)));

            string device = DeviceIn(settings);
            bool isOnCard = File.Exists(file), isRemembered = File.Exists(etc.File(AnswersOnce.MemoryName));
            moments.Add($"{device}, {(isRemembered ? "remembered" : "not remembered")}, {(isOnCard ? "on the card" : "off the card")}");
            // The settings name the password's file, so it is complete before them.
            if (device == "after")
                Assert.Equal("on the shelf\n", File.ReadAllText(etc.File("mqtt-password")));
            Assert.True(isOnCard || (isRemembered && device == "after"), moments.Last());

            (int exitCode, string output, string errors) = await InProcess.RunAsync(arguments);
            Assert.True(exitCode == 0, output + errors);
            Assert.Equal("after", DeviceIn(settings));
            Assert.Equal("on the shelf\n", File.ReadAllText(etc.File("mqtt-password")));
            Assert.Empty(Directory.GetFiles(card.Path));
            Assert.Equal(["edgeshelf.json", "edgeshelf.json.before", "mqtt-password", AnswersOnce.MemoryName], Directory.GetFiles(etc.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.Equal("before", DeviceIn(etc.File("edgeshelf.json.before")));
        }
        TestContext.Current.SendDiagnosticMessage("{0} kills: {1}", Kills, string.Join("; ", moments.Order()));
        Assert.True(moments.Count > 1, $"all kills were at {string.Join("; ", moments)}");
    }

    static string DeviceIn(string settings)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(settings));
        return document.RootElement.GetProperty("Publish").GetProperty("Device").GetString()!;
    }
}
