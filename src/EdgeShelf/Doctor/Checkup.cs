using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Models;
using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Doctor;

/// <summary>
/// Puts the checks together for what the settings ask for. Settings that cannot be read are a fault of their own and leave
/// the checks that do not need them.
/// </summary>
sealed class Checkup : IAsyncDisposable
{
    readonly IHost? _host;

    Checkup(IHost? host, Examination examination) => (_host, Examination) = (host, examination);

    public Examination Examination { get; }

    /// <param name="load">Reads the settings; may throw <see cref="ConfigurationException"/>.</param>
    /// <param name="file">The configuration file that was named, or null for the usual one.</param>
    public static Checkup Prepare(Func<IConfigurationRoot> load, string? file, TimeProvider clock)
    {
        ConfigurationException? problem = null;
        IHost? host = null;
        try
        {
            // The doctor speaks for itself and writes no log; the service's log may not even be ours to write.
            IConfigurationRoot quiet = new ConfigurationBuilder()
                .AddConfiguration(load())
                .AddInMemoryCollection([new("Log:ToFile", "false"), new("Log:Level", "Error")])
                .Build();
            host = EdgeShelfHost.Build(quiet);
        }
        catch (ConfigurationException wrong)
        {
            problem = wrong;
        }

        List<DoctorCheck> checks = [new BoardCheck(), new SettingsCheck(problem, file)];
        if (host is not null)
        {
            checks.Add(new CameraCheck(host.Services.GetRequiredService<Camera>(), host.Services.GetRequiredService<ActiveModel>()));
            GpioOptions gpio = Options<CaptureOptions>(host).Gpio;
            checks.Add(new GpioCheck(gpio, () => GpioChip.Find(gpio.Chip), KernelGpioLine.Open));
            checks.Add(new ModelCheck(host.Services.GetRequiredService<ActiveModel>(), clock));
            checks.Add(new BrokerCheck(Options<PublishOptions>(host), clock));
        }
        checks.Add(new OutboxCheck(host is null ? new PublishOptions() : Options<PublishOptions>(host)));
        checks.Add(new ClockCheck(clock));
        checks.Add(new TemperatureCheck());
        checks.Add(new RightsCheck());
        return new Checkup(host, new Examination(checks, clock));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    static T Options<T>(IHost host) where T : class => host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<T>>().Value;
}
