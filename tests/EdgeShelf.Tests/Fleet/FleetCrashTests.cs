using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Models;
using EdgeShelf.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Tests.Fleet;

/// <summary>
/// The process of a device is killed with signal 9 at seeded moments of downloading, unpacking, switching and taking back. `EDGESHELF_FLEET_KILLS`
/// sets the number of moments.
/// </summary>
public sealed class FleetCrashTests
{
    static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("EDGESHELF_FLEET_KILLS") ?? "12", CultureInfo.InvariantCulture);

    const string FolderVariable = "EDGESHELF_FLEET_CHILD";
    const string DocumentVariable = "EDGESHELF_FLEET_DOCUMENT";
    const string PoorVariable = "EDGESHELF_FLEET_POOR";
    const string Mark = "device: ";

    /// <summary>
    /// The other process: a device that says each step that it reports, until it is killed. It is explicit and no initializer of the module, because
    /// other threads could not run until that ends.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task ADeviceThatIsKilled()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "It is the other process of this class's test.");
        bool isPoor = Environment.GetEnvironmentVariable(PoorVariable) is not null;
        string document = Environment.GetEnvironmentVariable(DocumentVariable)!;
        await using FleetDevice device = await new FleetDevice(folder).StartAsync(isPoor ? null : document);
        if (isPoor)
        {
            See(device, 40, review: false);
            device.Send(document);
        }
        string said = "";
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            device.PutForward(TimeSpan.FromSeconds(1));
            string now = $"{device.Report?.Status} {device.Report?.Step}";
            if (now == said)
                continue;
            said = now;
            await Console.Out.WriteLineAsync(Mark + now);
            await Console.Out.FlushAsync(TestContext.Current.CancellationToken);
            if (isPoor && device.Report?.Status == FleetStatus.Applied)
                See(device, 30, review: true);
        }
    }

    [Fact]
    public async Task ADeviceIsNeverLeftWithoutAModelAndEndsWithTheOneThatIsWanted()
    {
        using TemporaryFolder folder = new();
        FleetDevice.Install(folder.Path);
        await using FleetFiles files = await FleetFiles.StartAsync();
        FleetModel[] models = [.. Enumerable.Range(1, 3).Select(number => FleetModel.Make("shop", $"{number}.0.0", 20 + number, change: AddNoise))];
        Random random = new(21);
        HashSet<string> moments = [];
        int version = 0;
        string document = "";
        for (int kill = 0; kill < Kills; kill++)
        {
            // Each fourth process goes on with the document of the killed one; the others get the next one.
            if (kill % 4 != 3)
            {
                FleetModel model = models[++version % models.Length];
                document = FleetModel.Document(version, model.At(files.Answer($"/{model.Sha256}", http => SlowlyAsync(http, model.Archive))));
            }
            moments.Add(await RunUntilKilledAsync(folder.Path, document, TimeSpan.FromMilliseconds(random.Next(1, 500))));

            ModelsOptions options = new() { Name = TinyModel.Name, Trained = folder.File("models") };
            using ActiveModel after = new(options, path => ModelFolder.Load(path, threads: 1));
            Assert.Contains(after.Info.ToString(), models.Select(made => $"shop {made.Version}").Append($"{TinyModel.Name} 1.0.0"));
            Assert.Null(after.Problem);
            foreach (string name in new ModelStore(options).Names().Where(name => Directory.Exists(Path.Combine(options.Trained, name))))
                ModelFolder.Load(Path.Combine(options.Trained, name), threads: 1).Dispose();
        }

        await using FleetDevice device = await new FleetDevice(folder.Path).StartAsync(FleetModel.Document(version + 1, models[0].At(files.Serve("/last", models[0].Archive))));
        ReportedDocument report = await device.UntilAsync(FleetStatus.Applied, version + 1, TimeSpan.FromSeconds(1));
        Assert.Equal(models[0].Sha256, report.Model!.Sha256);
        Assert.DoesNotContain(Directory.GetDirectories(folder.File("models")), path => Path.GetFileName(path).StartsWith('.'));
        TestContext.Current.SendDiagnosticMessage("{0} kills at: {1}", Kills, string.Join("; ", moments.Order()));
        Assert.True(moments.Count > 1, $"all kills were at {string.Join("; ", moments)}");
        // A power cut is no reason to refuse a document.
        Assert.DoesNotContain($"{FleetStatus.Refused} ", moments);
    }

    [Fact]
    public async Task ADeviceThatIsKilledWhileItTakesAModelBackEndsWithTheOneBefore()
    {
        await using FleetFiles files = await FleetFiles.StartAsync();
        FleetModel poor = FleetModel.Make("shop", sharpness: 25);
        string document = FleetModel.Document(1, poor.At(files.Serve("/poor", poor.Archive)));
        Random random = new(22);
        HashSet<string> moments = [];
        for (int kill = 0; kill < Kills; kill++)
        {
            using TemporaryFolder folder = new();
            FleetDevice.Install(folder.Path);
            // How long it takes until the model is taken back depends on the machine, so the times cover three orders of magnitude.
            string from = kill % 4 == 3 ? FleetStatus.RolledBack : FleetStatus.Applied;
            string moment = await RunUntilKilledAsync(folder.Path, document, TimeSpan.FromMilliseconds(1 << random.Next(11)), from, isPoor: true);

            ModelsOptions options = new() { Name = TinyModel.Name, Trained = folder.File("models") };
            using (ActiveModel after = new(options, path => ModelFolder.Load(path, threads: 1)))
            {
                moments.Add($"{moment}, {after.Info.Name} in use");
                Assert.Contains(after.Info.Name, (string[])["shop", TinyModel.Name]);
                Assert.Null(after.Problem);
            }
            await using FleetDevice device = await new FleetDevice(folder.Path).StartAsync(document);
            ReportedDocument report = await device.UntilAsync(report => report.DesiredVersion == 1 && report.Status is FleetStatus.Applied or FleetStatus.RolledBack, "what became of it");
            if (report.Status == FleetStatus.Applied)
            {
                // What was counted since the last minute is lost with the power, so the comparison goes on.
                See(device, 30, review: true);
                report = await device.UntilAsync(FleetStatus.RolledBack, 1);
            }
            await device.UntilAsync(report => report.Model?.Name == TinyModel.Name, "the model before");
            Assert.Equal(TinyModel.Name, device.Models.Name);
        }
        TestContext.Current.SendDiagnosticMessage("{0} kills at: {1}", Kills, string.Join("; ", moments.Order()));
        Assert.True(moments.Count > 1, $"all kills were at {string.Join("; ", moments)}");
    }

    static void See(FleetDevice device, int pictures, bool review)
    {
        for (int i = 0; i < pictures; i++)
            device.Result(review);
    }

    static void AddNoise(string folder)
    {
        byte[] noise = new byte[400_000];
        new Random(7).NextBytes(noise);
        File.WriteAllBytes(Path.Combine(folder, "NOTICE"), noise);
    }

    /// <summary>Sends the file in pieces, so that a kill may come between them; with ranges, so that the next process continues.</summary>
    static async Task SlowlyAsync(HttpContext http, byte[] content)
    {
        int from = http.Request.GetTypedHeaders().Range?.Ranges.First().From is { } first ? (int)first : 0;
        http.Response.StatusCode = from > 0 ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        if (from > 0)
            http.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        for (int at = from; at < content.Length; at += 20_000)
        {
            await http.Response.Body.WriteAsync(content.AsMemory(at, Math.Min(20_000, content.Length - at)), http.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, http.RequestAborted);
        }
    }

    /// <returns>The status and step at which it was killed, without the version.</returns>
    static async Task<string> RunUntilKilledAsync(string folder, string document, TimeSpan after, string from = FleetStatus.Pending, bool isPoor = false)
    {
        ProcessStartInfo start = new(
            Path.Combine(AppContext.BaseDirectory, "EdgeShelf.Tests"), ["-noColor", "-explicit", "only", "-method", $"{typeof(FleetCrashTests).FullName}.{nameof(ADeviceThatIsKilled)}"]);
        start.Environment[FolderVariable] = folder;
        start.Environment[DocumentVariable] = document;
        if (isPoor)
            start.Environment[PoorVariable] = "1";
        string said = await KilledProcess.RunAsync(
            start, text => text.Contains($"{Mark}{from}", StringComparison.Ordinal) || text.Contains($"{Mark}{FleetStatus.Applied}", StringComparison.Ordinal), after);
        string[] words = said.Split('\n').Last(line => line.StartsWith(Mark, StringComparison.Ordinal))[Mark.Length..].Split(' ');
        return $"{words[0]} {words[^1]}";
    }
}
