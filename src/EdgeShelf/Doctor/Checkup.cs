using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Doctor;

/// <summary>
/// Creates the checks that the settings ask for. Wrong settings are reported as a separate fault. A check that needs them is
/// reported as not run, and all other checks run.
/// </summary>
sealed class Checkup : IAsyncDisposable
{
    readonly IHost? _host;

    Checkup(IHost? host, Examination examination) => (_host, Examination) = (host, examination);

    public Examination Examination { get; }

    /// <param name="load">Reads the settings; may throw <see cref="ConfigurationException"/>.</param>
    /// <param name="file">The configuration file from the command line, or null for the default file.</param>
    public static Checkup Prepare(Func<IConfigurationRoot> load, string? file, TimeProvider clock)
    {
        ConfigurationException? problem = null;
        IConfigurationRoot? settings = null;
        IHost? host = null;
        try
        {
            // The doctor prints its findings and writes no log: this user may not have the right to write the log of the service.
            settings = new ConfigurationBuilder()
                .AddConfiguration(load())
                .AddInMemoryCollection([new("Log:ToFile", "false"), new("Log:Level", "Error")])
                .Build();
            host = EdgeShelfHost.Compose(settings);
            ConfigurationCheck.ThrowIfWrong(settings, host);
        }
        catch (ConfigurationException wrong)
        {
            problem = wrong;
        }

        return new Checkup(host, new Examination(
            [
                new BoardCheck(),
                new SettingsCheck(problem, file),
                new ConfiguredCheck("camera", host?.Services, services => new CameraCheck(services.GetRequiredService<Camera>(), services.GetRequiredService<ActiveModel>())),
                new ConfiguredCheck("gpio", host?.Services, _ => GpioCheckOf(SettingsBinder.Read(settings!.GetSection($"{CaptureOptions.Section}:{nameof(CaptureOptions.Gpio)}"), CaptureJson.Default.GpioOptions))),
                new ConfiguredCheck("model", host?.Services, services => new ModelCheck(services.GetRequiredService<ActiveModel>(), clock)),
                new ConfiguredCheck("broker", host?.Services, services => new BrokerCheck(services.GetRequiredService<IOptions<PublishOptions>>().Value, clock)),
                // The folder of the outbox does not depend on the other settings of its section.
                new ConfiguredCheck("outbox", host?.Services, _ => new OutboxCheck(SettingsBinder.Read(settings!.GetSection(PublishOptions.Section), PublishJson.Default.PublishOptions))),
                new ClockCheck(clock),
                new TemperatureCheck(),
                new RightsCheck(),
            ],
            clock));
    }

    static GpioCheck GpioCheckOf(GpioOptions gpio) => new(gpio, () => GpioChip.Find(gpio.Chip), KernelGpioLine.Open);

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }
}
