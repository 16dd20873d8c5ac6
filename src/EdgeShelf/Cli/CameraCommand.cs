using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Onvif;
using EdgeShelf.Configuration;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf camera list|show`: finds the connected cameras, and shows in the terminal what the camera of the settings sees.</summary>
static class CameraCommand
{
    public const string Name = "camera";

    public static Command Create() => new(Name, "Find the connected cameras, and show what the camera sees.")
    {
        List(),
        Show(),
    };

    static Command List()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print one JSON array with `kind`, `id` and `name` of each camera." };
        Option<bool> network = new("--network") { Description = "Also ask the local network for cameras with ONVIF, by multicast; this takes two seconds." };
        Command command = new("list", "List the cameras that `Capture:Camera=auto` chooses from, the one that it uses first.") { json, network };
        common.AddConfigurationTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RpicamCameraOptions rpicam = ConfigurationCheck.Read<RpicamCameraOptions>(common.Configuration(parsed), RpicamCamera.Definition.Section);
            CameraSearch search = await new CameraFinder(rpicam, TimeProvider.System).FindAsync(cancellationToken);
            if (parsed.GetValue(network))
                search = search with { Cameras = [.. search.Cameras, .. await new OnvifDiscovery(TimeProvider.System).FindAsync(cancellationToken)] };
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(search.Cameras, CliJson.Readable.IReadOnlyListFoundCamera));
                return ExitCodes.Fine;
            }
            foreach (FoundCamera camera in search.Cameras)
                output.WriteLine($"{camera.Kind,-7} {camera.Id}{(camera.Name == camera.Id ? "" : $"  {camera.Name}")}");
            if (search.Cameras.Count == 0)
                output.WriteLine($"No camera is connected. {AutoCamera.Definition.Hint}");
            if (search.Problem is { } problem)
                parsed.InvocationConfiguration.Error.WriteLine(ErrorText.Of($"Not everything could be searched: {problem}.", ""));
            return ExitCodes.Fine;
        });
        return command;
    }

    static Command Show()
    {
        CommonOptions common = new();
        Command command = new("show", "Take a picture with the camera of the settings and show it in the terminal.");
        common.AddConfigurationTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IConfigurationRoot settings = new ConfigurationBuilder()
                .AddConfiguration(common.Configuration(parsed))
                .AddInMemoryCollection([new("Log:ToFile", "false"), new("Log:Level", "Error")])
                .Build();
            using IHost host = EdgeShelfHost.Compose(settings);
            await using Camera camera = CameraOf(settings, host);
            Frame frame = await camera.CaptureAsync(cancellationToken);
            using Picture picture = PictureDecoder.Decode(frame);
            TextWriter output = parsed.InvocationConfiguration.Output;
            PictureBlocks.Write(output, picture, PictureBlocks.ColumnsOfTerminal);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{camera.Kind} gave {picture.FullSize.Width} x {picture.FullSize.Height} in {frame.CaptureTime.TotalSeconds:0.0} s."));
        });
        return command;
    }

    /// <exception cref="ConfigurationException">Settings of the camera are wrong.</exception>
    static Camera CameraOf(IConfigurationRoot settings, IHost host)
    {
        string section = $"{Capture.CaptureOptions.Section}:";
        ConfigurationCheck.ThrowIfAny([.. ConfigurationCheck.ProblemsOf(settings, host).Where(problem => problem.StartsWith(section, StringComparison.Ordinal))]);
        return host.Services.GetRequiredService<Camera>();
    }
}
