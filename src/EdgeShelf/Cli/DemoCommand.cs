using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeShelf.Cli;

/// <summary>
/// `edgeshelf demo`: runs everything from camera to backend on one machine. The service is the real one; only the broker and
/// the camera's pictures are supplied by the demo.
/// </summary>
static class DemoCommand
{
    const string Device = "demo";
    const int UsualBrokerPort = 1883;
    static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(2);
    static readonly TimeSpan UsualIntervalOnce = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(120);

    public static Command Create()
    {
        Option<bool> once = new("--once") { Description = "Exit after each picture and each shelf was shown once." };
        Option<int> port = new("--port", "-p") { Description = "Port of the broker on 127.0.0.1. Default: 1883, or a free port if 1883 is taken.", HelpName = "PORT", CustomParser = ReadPort };
        Option<TimeSpan?> interval = new("--interval") { Description = "Interval between pictures, for example 500ms, 2s or 00:00:02. Default: 2s, with --once 500ms.", HelpName = "TIME", CustomParser = ReadInterval };
        Command command = new("demo", "Run everything on this machine: a broker, sample pictures in place of a camera, and a backend that prints the results.") { once, port, interval };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(once), parsed.GetValue(port), parsed.GetValue(interval) ?? (parsed.GetValue(once) ? UsualIntervalOnce : UsualInterval), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    static int ReadPort(ArgumentResult result)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > ushort.MaxValue)
            result.AddError($"--port is \"{text}\"; allowed are 0 to {ushort.MaxValue}, 0 for any that is free.");
        return port;
    }

    static TimeSpan? ReadInterval(ArgumentResult result)
    {
        (TimeSpan least, TimeSpan most) = (CaptureOptionsValidator.ShortestInterval, CaptureOptionsValidator.LongestInterval);
        string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (!Duration.TryParse(text, out TimeSpan interval, out string? problem))
            result.AddError($"--interval is \"{text}\"; {problem}.");
        else if (interval < least || interval > most)
            result.AddError($"--interval is {Duration.Text(interval)}; allowed are {Duration.Text(least)} to {Duration.Text(most)}.");
        return interval;
    }

    /// <summary>The photographs that come with the program, in name order.</summary>
    public static string[] SamplePictures() => [.. PictureFiles.Expand([Path.Combine(AppContext.BaseDirectory, "samples")])];

    static async Task<int> RunAsync(bool once, int wantedPort, TimeSpan interval, TextWriter output, CancellationToken cancellationToken)
    {
        string[] pictures = SamplePictures();
        int port = wantedPort != 0 ? wantedPort : FreePort(UsualBrokerPort), pagePort = FreePort(new WebOptions().Port);
        (DemoScene bay, DemoScene film) = (DemoScene.Bay(), DemoScene.Film());
        DirectoryInfo state = Directory.CreateTempSubdirectory("edgeshelf-demo-");
        try
        {
            using MqttServer broker = await StartBrokerAsync(port);
            using IMqttClient backend = new MqttClientFactory().CreateMqttClient();
            using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (once)
                done.CancelAfter(ShownWithin + pictures.Length * interval);
            DemoBackend shown = new(output, pictures.Length);
            backend.ApplicationMessageReceivedAsync += shown.ReceiveAsync;
            await SubscribeAsync(backend, port, cancellationToken);

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The device's page is at http://127.0.0.1:{pagePort}/"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A broker listens on 127.0.0.1:{port}. In another terminal:"));
            // Without -i, mosquitto_sub sends no client id, which MQTTnet's broker refuses.
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  mosquitto_sub -i viewer -h 127.0.0.1 -p {port} -t 'edgeshelf/#' -v"));
            output.WriteLine($"{pictures.Length} pictures of one product follow, then a bay with {bay.Slots.Slots.Count} places, then a hand at a shelf.{(once ? "" : " Ctrl-C ends it.")}");

            string folder = state.CreateSubdirectory("pictures").FullName;
            foreach (string picture in pictures)
                File.Copy(picture, Path.Combine(folder, Path.GetFileName(picture)));
            // A service on this machine keeps its own folder, which this user may often not write.
            ServiceDirectories.UseState(state.FullName);
            using IHost host = EdgeShelfHost.Build(Settings(state.FullName, folder, port, pagePort, interval));
            Task showing = ShowScenesAsync(bay, film, shown, host.Services, folder, output, done.Token);
            if (once)
                _ = showing.ContinueWith(_ => done.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            bool isClean = await EdgeShelfHost.RunAsync(host, done.Token);
            await broker.StopAsync();
            await showing;
            if (once && !shown.FilmShown.IsCompletedSuccessfully && !cancellationToken.IsCancellationRequested)
                throw new EdgeShelfException($"Only {shown.Pictures} of {pictures.Length} pictures and not all of the shelves came within {ShownWithin.TotalSeconds:0} s.", "Run `edgeshelf doctor`, or `edgeshelf demo` without --once to see what it logs.");
            if (isClean && !once)
                output.WriteLine("\nNext: `edgeshelf classify` answers for a picture of your own, and README.md says how to install EdgeShelf on a Raspberry Pi.");
            return isClean ? ExitCodes.Fine : ExitCodes.Failed;
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    /// <summary>Shows the bay after the pictures, and then the film, which goes on until the demo ends.</summary>
    static async Task ShowScenesAsync(DemoScene bay, DemoScene film, DemoBackend shown, IServiceProvider service, string cameraFolder, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await shown.PicturesShown.WaitAsync(cancellationToken);
            await bay.ShowAsync(service, cameraFolder, cancellationToken);
            await shown.BayShown.WaitAsync(cancellationToken);
            output.WriteLine("\nThree bottles. A hand takes one and puts it back, again and again. The device was taught a bottle in each place, and one empty place:");
            await film.ShowAsync(service, cameraFolder, cancellationToken);
            await shown.FilmShown.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The demo ends before all was shown.
        }
    }

    static IConfigurationRoot Settings(string state, string folder, int port, int pagePort, TimeSpan interval) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Capture:Camera"] = FolderCamera.Definition.Name,
        ["Capture:Folder:Path"] = folder,
        ["Capture:Interval"] = interval.ToString("c", CultureInfo.InvariantCulture),
        ["Publish:Device"] = Device,
        ["Publish:Broker"] = string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{port}"),
        ["Publish:Folder"] = state,
        ["Shelf:State"] = state,
        ["Web:Port"] = pagePort.ToString(CultureInfo.InvariantCulture),
        [$"{PlanogramOptions.Section}:{nameof(PlanogramOptions.ConfirmEvery)}"] = "00:00:01",
        ["Log:Level"] = "Warning",
        ["Log:ToFile"] = "false",
    }).Build();

    static async Task<MqttServer> StartBrokerAsync(int port)
    {
        MqttServer broker = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointPort(port)
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .Build());
        try
        {
            await broker.StartAsync();
            return broker;
        }
        catch (SocketException problem)
        {
            broker.Dispose();
            throw new EdgeShelfException($"The demo's broker cannot listen on 127.0.0.1:{port}: {problem.Message}", "Choose another port with --port.", problem);
        }
    }

    static async Task SubscribeAsync(IMqttClient backend, int port, CancellationToken cancellationToken)
    {
        await backend.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("demo-backend").Build(), cancellationToken);
        await backend.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter($"edgeshelf/{Device}/{DemoBackend.Result}", MqttQualityOfServiceLevel.AtLeastOnce)
                .WithTopicFilter($"edgeshelf/{Device}/{DemoBackend.Shelf}", MqttQualityOfServiceLevel.AtLeastOnce)
                .WithTopicFilter($"edgeshelf/{Device}/{DemoBackend.Event}", MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(), cancellationToken);
    }

    /// <summary>Returns the usual port, or a free port when the usual one is taken.</summary>
    static int FreePort(int usual)
    {
        foreach (int port in new[] { usual, 0 })
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
            catch (SocketException) when (port == usual)
            {
                // Another program uses the port; take any free one.
            }
        }
        return usual;
    }
}
