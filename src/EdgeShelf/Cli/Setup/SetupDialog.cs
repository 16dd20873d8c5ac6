using System.Globalization;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Capture.Onvif;
using EdgeShelf.Capture.V4l2;
using EdgeShelf.Doctor;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Cli.Setup;

/// <summary>Asks a person about one device, and tries each answer. Each step may be skipped. Nothing is written here.</summary>
/// <param name="configure">Returns the settings as they would be with these answers.</param>
/// <param name="problems">Returns what the service would refuse of these settings.</param>
sealed class SetupDialog(Prompt prompt, SetupTrials trials, Func<SetupAnswers, IConfiguration> configure, Func<SetupAnswers, IReadOnlyList<string>> problems)
{
    const string Skip = "Skip this step", Address = "A network camera, by its address";

    /// <summary>Answers that the service takes. With them, only those settings can be wrong about which nobody is asked.</summary>
    public static SetupAnswers Valid { get; } = new()
    {
        Camera = new CameraAnswer(AutoCamera.Definition.Name),
        Broker = new BrokerAnswer(new PublishOptions().Broker),
        Device = "shelf",
    };

    public async Task<SetupAnswers> AskAsync(CancellationToken cancellationToken)
    {
        prompt.Output.WriteLine("This sets up the device. Press Enter for the answer in brackets; Ctrl-C ends without a change.");
        SetupAnswers answers = new();
        answers = answers with { Camera = await CameraAsync(cancellationToken) };
        answers = answers with { Broker = await BrokerAsync(answers, cancellationToken) };
        answers = answers with { Device = await DeviceAsync(answers, cancellationToken) };
        answers = await GpioAsync(answers, cancellationToken);
        return answers with { PageInNetwork = await PageAsync(answers, cancellationToken) };
    }

    void Title(string title)
    {
        prompt.Output.WriteLine();
        prompt.Output.WriteLine(title);
    }

    async Task<CameraAnswer?> CameraAsync(CancellationToken cancellationToken)
    {
        Title("Camera");
        prompt.Output.WriteLine("  Cameras are searched for, in the network too …");
        while (true)
        {
            IReadOnlyList<FoundCamera> found = await trials.CamerasAsync(cancellationToken);
            bool isOneConnected = found.Any(camera => camera.Kind != OnvifCamera.Definition.Name);
            if (!isOneConnected)
                prompt.Output.WriteLine("  No camera is connected. It may be connected later.");
            List<string> choices = ["The camera that is connected, whichever it is", .. found.Select(camera => camera.ToString()), Address, Skip];
            int chosen = await prompt.ChooseAsync("Which camera?", choices, 0, cancellationToken);
            if (choices[chosen] == Skip)
            {
                if (problems(Valid with { Camera = null }) is not [{ } wrong, ..])
                    return null;
                prompt.Output.WriteLine($"  This step cannot be skipped, because the camera that is set would be refused: {wrong}.");
                continue;
            }
            CameraAnswer answer = choices[chosen] == Address ? await NetworkCameraAsync(cancellationToken)
                : chosen == 0 ? new CameraAnswer(AutoCamera.Definition.Name)
                : found[chosen - 1] is { Kind: var kind } inNetwork && kind == OnvifCamera.Definition.Name ? await LoginAsync(kind, inNetwork.Id, cancellationToken)
                : Of(found[chosen - 1]);
            if (!isOneConnected && answer.Kind == AutoCamera.Definition.Name)
                return answer;
            prompt.Output.WriteLine("  A picture is taken …");
            bool isTaken = await trials.CameraAsync(configure(new SetupAnswers { Camera = answer }), prompt.Output, cancellationToken);
            if (await prompt.YesAsync(isTaken ? "Does the camera show the shelf?" : "No picture was taken. Use this camera all the same?", isTaken, cancellationToken))
                return answer;
        }
    }

    static CameraAnswer Of(FoundCamera camera) =>
        new(camera.Kind, camera.Kind == V4l2Camera.Definition.Name ? camera.Id : null);

    async Task<CameraAnswer> NetworkCameraAsync(CancellationToken cancellationToken)
    {
        string url = await prompt.AskAsync(
            "Its address, such as onvif://192.168.1.20, http://192.168.1.20/snapshot.jpg or rtsp://192.168.1.20/stream1", "",
            text => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "onvif" or "http" or "https" or "rtsp" or "rtsps" && address.UserInfo.Length == 0
                ? null : "An address is needed that begins with onvif://, http://, https:// or rtsp:// and has no name and password in it.", cancellationToken);
        string kind = new Uri(url).Scheme switch { "onvif" => OnvifCamera.Definition.Name, "rtsp" or "rtsps" => RtspCamera.Definition.Name, _ => HttpCamera.Definition.Name };
        return await LoginAsync(kind, url, cancellationToken);
    }

    async Task<CameraAnswer> LoginAsync(string kind, string url, CancellationToken cancellationToken)
    {
        string user = await prompt.AskAsync("User name at the camera", "", cancellationToken);
        if (user.Length == 0)
            return new CameraAnswer(kind, Url: url);
        string file = await prompt.AskAsync(
            "File with its password, which the user edgeshelf can read", "/etc/edgeshelf/camera-password",
            path => File.Exists(path) ? null : $"{path} is not there. Write the password into it first, in another terminal.", cancellationToken);
        return new CameraAnswer(kind, Url: url, User: user, PasswordFile: Path.GetFullPath(file));
    }

    async Task<BrokerAnswer?> BrokerAsync(SetupAnswers answers, CancellationToken cancellationToken)
    {
        Title("MQTT broker");
        while (true)
        {
            PublishOptions now = PublishOf(configure(answers));
            string address = await prompt.AskAsync(
                "Address, such as mqtts://broker (\"skip\" to skip this step)", now.Broker,
                text => text == "skip" || BrokerAddress.TryParse(text, out _) ? null : $"Allowed are {BrokerAddress.Allowed}.", cancellationToken);
            if (address == "skip")
                return null;
            string user = await prompt.AskAsync("User name (\"none\" for none)", now.UserName ?? "", cancellationToken);
            BrokerAnswer answer = user is "" or "none"
                ? new BrokerAnswer(address)
                : new BrokerAnswer(address, user, await prompt.AskSecretAsync($"Password of {user} (Enter to keep the one that is there)", cancellationToken));
            prompt.Output.WriteLine("  The broker is tried …");
            Finding finding = await SetupTrials.BrokerAsync(configure(answers with { Broker = answer }), answer.Password, cancellationToken);
            Tell(finding);
            if (finding.Severity is Severity.Fine or Severity.Warning || await prompt.YesAsync("Use this broker all the same?", false, cancellationToken))
                return answer;
        }
    }

    async Task<string?> DeviceAsync(SetupAnswers answers, CancellationToken cancellationToken)
    {
        Title("Name of the device, a part of every topic");
        string now = PublishOf(configure(answers)).Device;
        string name = await prompt.AskAsync("Name", now, text => DeviceName.IsValid(text) ? null : "Allowed are letters, digits, _ and -, at most 64.", cancellationToken);
        return name == now ? null : name;
    }

    async Task<SetupAnswers> GpioAsync(SetupAnswers answers, CancellationToken cancellationToken)
    {
        Title("Button and light");
        if (!trials.HasGpio)
        {
            prompt.Output.WriteLine("  This computer has no GPIO lines, so the step is skipped.");
            return answers;
        }
        answers = answers with { Button = await LineAsync("GPIO line of the button", Options(answers).Button.Line, cancellationToken) };
        answers = answers with { Light = await LineAsync("GPIO line of the light", Options(answers).Led.Line, cancellationToken) };
        if (answers is { Button: null, Light: null })
            return answers;
        Finding finding = await SetupTrials.GpioAsync(configure(answers), cancellationToken);
        Tell(finding);
        if (finding.Severity != Severity.Fine)
            return answers;
        try
        {
            await TryLinesAsync(answers, cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or EdgeShelfException)
        {
            prompt.Output.WriteLine($"  {refused.Message}");
        }
        return answers;
    }

    async Task TryLinesAsync(SetupAnswers answers, CancellationToken cancellationToken)
    {
        IConfiguration settings = configure(answers);
        if (answers.Button is not null)
        {
            await prompt.AskAsync("Hold the button and press Enter", "hold", cancellationToken);
            prompt.Output.WriteLine(SetupTrials.IsButtonPressed(settings) ? "  The button works." : "  The line does not change. Check the wiring; the setting is kept.");
        }
        if (answers.Light is null)
            return;
        using GpioLine light = SetupTrials.TurnLightOn(settings);
        if (!await prompt.YesAsync("The light is turned on. Is it lit?", true, cancellationToken))
            prompt.Output.WriteLine("  Check the wiring and its direction; the setting is kept.");
    }

    GpioOptions Options(SetupAnswers answers) => SettingsBinder.Read(configure(answers).GetSection("Capture:Gpio"), CaptureJson.Default.GpioOptions);

    async Task<int?> LineAsync(string question, int? now, CancellationToken cancellationToken)
    {
        string none = "none";
        string answer = await prompt.AskAsync(
            $"{question}; the BCM number of the pin", now?.ToString(CultureInfo.InvariantCulture) ?? none,
            text => text == none || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int line) && line <= CaptureOptionsValidator.MaxLine) ? null : $"Answer with a number from 0 to {CaptureOptionsValidator.MaxLine}, or none.",
            cancellationToken);
        return answer == none ? null : int.Parse(answer, CultureInfo.InvariantCulture);
    }

    async Task<bool?> PageAsync(SetupAnswers answers, CancellationToken cancellationToken)
    {
        Title("Page");
        string? address = configure(answers)["Web:Address"];
        bool now = address is not (null or "127.0.0.1" or "::1" or "localhost");
        bool wanted = await prompt.YesAsync("May phones in the network open the device's page, with a code?", address is null || now, cancellationToken);
        return wanted == now ? null : wanted;
    }

    void Tell(Finding finding)
    {
        prompt.Output.WriteLine($"  {(finding.Severity == Severity.Fine ? "Fine" : "Not fine")}: {finding.Found}");
        if (finding.ToDo is { } toDo)
            prompt.Output.WriteLine($"  {toDo}");
    }

    static PublishOptions PublishOf(IConfiguration settings) => SettingsBinder.Read(settings.GetSection(PublishOptions.Section), PublishJson.Default.PublishOptions);
}
