using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Cli;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Benchmarks;

/// <summary>
/// The real service in front of the demo's film, as fast as it can, with teaching and taking back in between. Memory, file descriptors and disk must
/// stay as they are. There is no broker, so the outbox drops its oldest messages.
/// </summary>
static class TeachingSoak
{
    const int TeachEvery = 500;
    const int Lines = 10;

    /// <summary>Pictures without a hand: three bottles, and two with the left place empty. A slot that changes costs an inference.</summary>
    static readonly string[] Calm = ["0100.jpg", "0120.jpg", "0140.jpg", "0240.jpg", "0260.jpg", "0280.jpg"];

    /// <param name="frames">The number of pictures.</param>
    public static async Task RunAsync(int frames)
    {
        MemoryFootprint.Limit();
        DirectoryInfo state = Directory.CreateTempSubdirectory("edgeshelf-soak-");
        try
        {
            string folder = state.CreateSubdirectory("pictures").FullName;
            File.Copy(DemoCommand.SamplePictures()[0], Path.Combine(folder, "first.jpg"));
            using IHost host = EdgeShelfHost.Build(Settings(state.FullName, folder));
            await host.StartAsync();
            await DemoScene.Film().ShowAsync(host.Services, folder, CancellationToken.None);
            foreach (string picture in Directory.GetFiles(folder).Where(picture => !Calm.Contains(Path.GetFileName(picture))))
                File.Delete(picture);

            Console.WriteLine("   frames  ms a frame  resident MB  anonymous MB  descriptors  disk MB  examples  taught  refused");
            (int taught, int refused) = (0, 0);
            Stopwatch watch = Stopwatch.StartNew();
            for (int frame = 1; frame <= frames; frame++)
            {
                await CaptureAsync(host.Services);
                if (frame % TeachEvery == 0)
                {
                    bool isTaken = await TeachAsync(host.Services, frame / TeachEvery);
                    (taught, refused) = isTaken ? (taught + 1, refused) : (taught, refused + 1);
                }
                if (frame % (frames / Lines) == 0)
                {
                    Print(frame, watch.Elapsed / (frames / Lines), state, host.Services.GetRequiredService<ExampleStore>().Now.Examples.Length, taught, refused);
                    watch.Restart();
                }
            }
            await host.StopAsync();
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    static async Task CaptureAsync(IServiceProvider service)
    {
        Task<CommittedResult>? outcome;
        while (!service.GetRequiredService<CaptureQueue>().TryRequest(Trigger.Request, out outcome))
            await Task.Yield();
        await outcome;
    }

    /// <summary>What staff do: everything is in its place, this is empty, that was wrong.</summary>
    /// <returns>Whether it was taken. What the device knows already, or what would make it worse, is refused.</returns>
    static async Task<bool> TeachAsync(IServiceProvider service, int turn)
    {
        Task TeachAsync(string? label, params string[] slots) =>
            service.GetRequiredService<Teacher>().TeachAsync(new Lesson(ExampleSources.Page) { Slots = slots, Label = label, Confirm = true }, CancellationToken.None);
        try
        {
            switch (turn % 4)
            {
                case 1:
                    await TeachAsync("another product", "left");
                    break;
                case 2:
                    service.GetRequiredService<ExampleStore>().Undo(null);
                    break;
                case 3:
                    await TeachAsync(null, "left", "middle", "right");
                    break;
                default:
                    await TeachAsync(Planogram.EmptyLabel, "left");
                    break;
            }
            return true;
        }
        catch (EdgeShelfException)
        {
            return false;
        }
    }

    static void Print(int frame, TimeSpan each, DirectoryInfo state, int examples, int taught, int refused)
    {
        double Megabytes(string field) => double.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
        double disk = state.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1e6;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{frame,9} {each.TotalMilliseconds,11:0.0} {Megabytes("VmRSS"),12:0.0} {Megabytes("RssAnon"),13:0.0} {Directory.GetFiles("/proc/self/fd").Length,12} {disk,8:0.0} {examples,9} {taught,7} {refused,8}"));
    }

    static IConfigurationRoot Settings(string state, string folder) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Capture:Camera"] = "folder",
        ["Capture:Folder:Path"] = folder,
        ["Capture:Interval"] = "0",
        ["Publish:Device"] = "soak",
        ["Publish:Broker"] = "mqtt://127.0.0.1:1",
        ["Publish:Folder"] = state,
        ["Publish:MaxMessages"] = "1000",
        ["Shelf:State"] = state,
        ["Web:Port"] = "0",
        ["Log:Level"] = "Error",
        ["Log:ToFile"] = "false",
    }).Build();
}
