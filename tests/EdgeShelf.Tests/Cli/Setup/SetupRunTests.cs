using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Cli.Setup;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli.Setup;

/// <summary>A person at the terminal, as the lines that are typed; a real broker; the service and the camera as functions.</summary>
public sealed class SetupRunTests : IDisposable
{
    const string Before = """{ "Capture": { "Interval": "90s" }, "Log": { "Level": "Debug" } }""";

    readonly TemporaryFolder _folder = new();
    readonly StringWriter _output = new();
    readonly List<string> _verbs = [];
    readonly List<string> _systemctl = [];
    string _cameras = """[{"kind":"rpicam","id":"imx219","name":"imx219"},{"kind":"v4l2","id":"/dev/v4l/by-id/usb-0","name":"Webcam"}]""";
    int _pictures;
    bool _isBroken;

    public void Dispose()
    {
        _output.Dispose();
        _folder.Dispose();
    }

    string File => _folder.File("edgeshelf.json");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheAnswersAreTriedAndWrittenAndTheServiceRunsWithThem()
    {
        using Mosquitto broker = Mosquitto.Start();
        _folder.Write("edgeshelf.json", Before);

        // The camera, its picture, the broker, no user name, the name, the page.
        int exitCode = await AskAsync("3", "yes", $"{broker.Uri}", "none", "shelf-07", "yes");

        JsonElement settings = Written();
        Assert.True(exitCode == ExitCodes.Fine, _output.ToString());
        Assert.Equal(("v4l2", "/dev/v4l/by-id/usb-0", "90s"), (Text(settings, "Capture", "Camera"), Text(settings, "Capture", "V4l2", "Device"), Text(settings, "Capture", "Interval")));
        Assert.Equal(("shelf-07", "0.0.0.0", "Debug"), (Text(settings, "Publish", "Device"), Text(settings, "Web", "Address"), Text(settings, "Log", "Level")));
        string shown = Assert.Single(_verbs, verb => verb.StartsWith("camera show", StringComparison.Ordinal));
        Assert.All((string[])[" --set Capture:Camera=v4l2", " --set Capture:V4l2:Device=/dev/v4l/by-id/usb-0", " --set Capture:Interval=90s"], setting => Assert.Contains(setting, shown, StringComparison.Ordinal));
        Assert.Contains("Fine: ", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal($"pair --config {File}", _verbs[^1]);
        Assert.Equal(["cat", "is-active", "stop", "restart"], _systemctl);
    }

    [Fact]
    public async Task EveryStepMayBeSkipped()
    {
        _folder.Write("edgeshelf.json", """{ "Capture": { "Camera": "auto" }, "Web": { "Address": "0.0.0.0" } }""");

        int exitCode = await AskAsync("5", "skip", "", "");

        Assert.True(exitCode == ExitCodes.Fine, _output.ToString());
        Assert.Contains("stays as it is", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_verbs, verb => verb.StartsWith("camera show", StringComparison.Ordinal));
    }

    /// <summary>Without a file the camera is a folder that is not named: the rest of the questions would be for nothing.</summary>
    [Fact]
    public async Task TheCameraCannotBeSkippedWhileTheOneThatIsSetWouldBeRefused()
    {
        int exitCode = await AskAsync("5", "1", "yes", "skip", "", "no");

        Assert.True(exitCode == ExitCodes.Fine, _output.ToString());
        int refused = _output.ToString().IndexOf("This step cannot be skipped, because the camera that is set would be refused: Capture:Folder:Path is ", StringComparison.Ordinal);
        Assert.InRange(refused, 0, _output.ToString().IndexOf("MQTT broker", StringComparison.Ordinal));
        Assert.Equal("auto", Text(Written(), "Capture", "Camera"));
    }

    [Theory]
    [InlineData("""{ "Capture": { "Camera": "auto", "Intervall": "90s" } }""", "Capture:Intervall is not a setting")]
    [InlineData("""{ "Vision": { "Threads": 4711 } }""", "Vision:Threads is 4711")]
    public async Task WhatNoAnswerCanCorrectIsToldBeforeTheFirstQuestion(string before, string problem)
    {
        _folder.Write("edgeshelf.json", before);

        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(() => AskAsync("1", "yes", "skip", "", "no"));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"Fix {File}", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
        Assert.Empty(_systemctl);
    }

    [Theory]
    [InlineData]
    [InlineData("1")]
    [InlineData("1", "yes", "skip")]
    public async Task WhenThePersonStopsNothingIsChangedAndTheServiceRunsAgain(params string[] typed)
    {
        _folder.Write("edgeshelf.json", Before);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(typed));

        Assert.Equal(Before, System.IO.File.ReadAllText(File));
        Assert.Equal("start", _systemctl[^1]);
        Assert.Equal(["edgeshelf.json"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task CtrlCSaysThatNothingIsChanged()
    {
        _folder.Write("edgeshelf.json", Before);
        using CancellationTokenSource ctrlC = new();
        await ctrlC.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunOf("1").AskAsync(ctrlC.Token));

        Assert.EndsWith("Nothing is changed.\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("192.168.1.7", "192.168.1.7")]
    public async Task EnterKeepsThePageOpenToWhomItWas(string address, string expected)
    {
        _folder.Write("edgeshelf.json", $$"""{ "Capture": { "Camera": "auto" }, "Web": { "Address": "{{address}}" } }""");

        await AskAsync("5", "skip", "", "");

        Assert.Equal(expected, Text(Written(), "Web", "Address"));
    }

    [Theory]
    [InlineData("""{ "Address": "127.0.0.1", "Port": 9090 }""", "The page is at http://127.0.0.1:9090/ on this device.")]
    [InlineData("""{ "Enabled": false }""", "The page is turned off: Web:Enabled is false.")]
    public async Task TheAddressOfThePageIsTheOneThatIsSet(string web, string said)
    {
        _folder.Write("edgeshelf.json", $$"""{ "Capture": { "Camera": "auto" }, "Web": {{web}} }""");

        int exitCode = await AskAsync("5", "skip", "", "no");

        Assert.True(exitCode == ExitCodes.Fine, _output.ToString());
        Assert.EndsWith($"{said}\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrokerThatDoesNotAnswerIsToldAndAskedForAgain()
    {
        int exitCode = await AskAsync("1", "yes", "http://nowhere", "mqtt://127.0.0.1:1", "none", "no", "skip", "", "no");

        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("Allowed are mqtt://", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Not fine: ", _output.ToString(), StringComparison.Ordinal);
        Assert.False(Written().TryGetProperty("Publish", out _));
        Assert.Contains("127.0.0.1:8080", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACameraThatGivesNoPictureIsAskedForAgain()
    {
        _isBroken = true;
        _folder.Write("edgeshelf.json", """{ "Capture": { "Camera": "auto" } }""");

        await AskAsync("2", "no", "5", "skip", "", "no");

        Assert.Equal(1, _pictures);
        Assert.Contains("No picture was taken", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("auto", Text(Written(), "Capture", "Camera"));
    }

    [Fact]
    public async Task WithoutACameraTheDeviceWaitsForOne()
    {
        _cameras = "[]";
        await AskAsync("1", "skip", "", "no");

        Assert.Equal("auto", Text(Written(), "Capture", "Camera"));
        Assert.Equal(0, _pictures);
        Assert.Contains("No camera is connected", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACameraThatAnsweredInTheNetworkIsUsedWithItsLogin()
    {
        _cameras = """[{"kind":"onvif","id":"http://192.168.1.20/onvif/device_service","name":"Shop Cam"}]""";
        string password = _folder.Write("camera-password", "secret");

        await AskAsync("2", "shelf", password, "yes", "skip", "", "no");

        JsonElement settings = Written();
        Assert.Equal(("onvif", "http://192.168.1.20/onvif/device_service"), (Text(settings, "Capture", "Camera"), Text(settings, "Capture", "Onvif", "Url")));
        Assert.Equal(("shelf", password), (Text(settings, "Capture", "Onvif", "User"), Text(settings, "Capture", "Onvif", "PasswordFile")));
        Assert.Contains("No camera is connected", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("camera list --json --network", _verbs);
    }

    [Fact]
    public async Task ThePasswordGoesToAFileOfItsOwnAndNowhereElse()
    {
        using Mosquitto broker = Mosquitto.Start();

        await AskAsync("1", "yes", $"{broker.Uri}", "shelf-07", "on the shelf", "", "no");

        Assert.Equal("on the shelf\n", System.IO.File.ReadAllText(_folder.File("mqtt-password")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(_folder.File("mqtt-password")));
        Assert.Equal(_folder.File("mqtt-password"), Text(Written(), "Publish", "PasswordFile"));
        Assert.DoesNotContain("on the shelf", System.IO.File.ReadAllText(File) + _output, StringComparison.Ordinal);
    }

    Task<int> AskAsync(params string[] typed) => RunOf(typed).AskAsync(Cancellation);

    SetupRun RunOf(params string[] typed) =>
        new(File, new Prompt(new StringReader(string.Concat(typed.Select(line => line + "\n"))), _output), new SetupTrials(RunVerbAsync, () => []), new DeviceService(SystemctlAsync));

    async Task<int> RunVerbAsync(string[] arguments, TextWriter output, CancellationToken cancellationToken)
    {
        _verbs.Add(string.Join(' ', arguments));
        if (arguments is ["camera", "list", ..])
            await output.WriteAsync(_cameras.AsMemory(), cancellationToken);
        if (arguments is not ["camera", "show", ..])
            return ExitCodes.Fine;
        _pictures++;
        return _isBroken ? ExitCodes.Failed : ExitCodes.Fine;
    }

    Task<(int, string)> SystemctlAsync(string[] arguments, CancellationToken cancellationToken)
    {
        _systemctl.Add(arguments[0]);
        return Task.FromResult((0, ""));
    }

    JsonElement Written() => JsonDocument.Parse(System.IO.File.ReadAllText(File)).RootElement;

    static string? Text(JsonElement settings, params string[] path) => path.Aggregate(settings, (inner, name) => inner.GetProperty(name)).GetString();
}
