using System.Device.Gpio;
using System.Text.Json;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Configuration;
using EdgeShelf.Doctor;
using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Cli.Setup;

/// <summary>Tries what was answered, with the settings as they would be.</summary>
/// <param name="verb">Runs another verb of this program, as the service's user, and returns its exit code. Its output goes to the writer.</param>
sealed class SetupTrials(Func<string[], TextWriter, CancellationToken, Task<int>> verb, Func<IReadOnlyList<GpioChip>> chips)
{
    /// <returns>The connected cameras, the one that `auto` uses first, and those of the local network that answer.</returns>
    public async Task<IReadOnlyList<FoundCamera>> CamerasAsync(CancellationToken cancellationToken)
    {
        using StringWriter listed = new();
        return await verb([CameraCommand.Name, "list", "--json", "--network"], listed, cancellationToken) == ExitCodes.Fine
            ? JsonSerializer.Deserialize(listed.ToString(), CliJson.Readable.FoundCameraArray) ?? []
            : [];
    }

    /// <summary>Takes a picture and shows it. The verb itself says what is wrong.</summary>
    public async Task<bool> CameraAsync(IConfiguration settings, TextWriter output, CancellationToken cancellationToken)
    {
        IEnumerable<string> given = settings.AsEnumerable()
            .Where(setting => setting.Key.StartsWith($"{CaptureOptions.Section}:", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(setting.Value))
            .SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" });
        return await verb([CameraCommand.Name, "show", .. given], output, cancellationToken) == ExitCodes.Fine;
    }

    /// <summary>Shows how a phone opens the page.</summary>
    public Task<int> PairAsync(string file, TextWriter output, CancellationToken cancellationToken) => verb(["pair", "--config", file], output, cancellationToken);

    /// <summary>Goes the way of the sender to the broker.</summary>
    public static async Task<Finding> BrokerAsync(IConfiguration settings, string? password, CancellationToken cancellationToken)
    {
        DirectoryInfo? folder = null;
        try
        {
            PublishOptions publish = ConfigurationCheck.Read<PublishOptions>(settings, PublishOptions.Section);
            if (password is not null)
            {
                // A folder that only this user can enter; the password gets its place when everything is answered.
                folder = Directory.CreateTempSubdirectory("edgeshelf-setup-");
                publish.PasswordFile = Path.Combine(folder.FullName, "password");
                await File.WriteAllTextAsync(publish.PasswordFile, password, cancellationToken);
            }
            return await FirstAsync(new BrokerCheck(publish, TimeProvider.System), cancellationToken);
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }

    public bool HasGpio => chips().Count > 0;

    /// <summary>Opens the lines of the button and the light.</summary>
    public static async Task<Finding> GpioAsync(IConfiguration settings, CancellationToken cancellationToken)
    {
        GpioOptions gpio = SettingsBinder.Read(settings.GetSection("Capture:Gpio"), CaptureJson.Default.GpioOptions);
        return await FirstAsync(new GpioCheck(gpio, () => GpioChip.Find(gpio.Chip), KernelGpioLine.Open), cancellationToken);
    }

    /// <summary>Reads the level of the button's line while a person holds the button.</summary>
    public static bool IsButtonPressed(IConfiguration settings)
    {
        GpioOptions gpio = SettingsBinder.Read(settings.GetSection("Capture:Gpio"), CaptureJson.Default.GpioOptions);
        PinMode mode = gpio.Button.Pull switch { Pull.Up => PinMode.InputPullUp, Pull.Down => PinMode.InputPullDown, _ => PinMode.Input };
        using GpioLine line = KernelGpioLine.Open(GpioChip.Find(gpio.Chip), gpio.Button.Line!.Value, mode);
        return line.IsHigh() != gpio.Button.ActiveLow;
    }

    /// <summary>Turns the light on until the returned line is disposed.</summary>
    public static GpioLine TurnLightOn(IConfiguration settings)
    {
        GpioOptions gpio = SettingsBinder.Read(settings.GetSection("Capture:Gpio"), CaptureJson.Default.GpioOptions);
        GpioLine line = KernelGpioLine.Open(GpioChip.Find(gpio.Chip), gpio.Led.Line!.Value, PinMode.Output);
        line.Write(!gpio.Led.ActiveLow);
        return line;
    }

    static async Task<Finding> FirstAsync(DoctorCheck check, CancellationToken cancellationToken)
    {
        await foreach ((_, Finding finding) in new Examination([check], TimeProvider.System).RunAsync(cancellationToken))
            return finding;
        throw new InvalidOperationException("An examination of one check has one finding.");
    }
}
