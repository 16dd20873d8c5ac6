using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Doctor;

/// <summary>A check that needs settings. If they are wrong, it reports what is wrong and that it was not run.</summary>
/// <param name="name">The name of the check that it runs.</param>
/// <param name="services">The services of the host, or null if the settings cannot be read at all.</param>
sealed class ConfiguredCheck(string name, IServiceProvider? services, Func<IServiceProvider, DoctorCheck> create) : DoctorCheck
{
    public override string Name => name;

    public override async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        if (services is null)
            return NotRun("the settings cannot be read");
        DoctorCheck check;
        try
        {
            check = create(services);
        }
        catch (Exception wrong) when (wrong is OptionsValidationException or InvalidOperationException)
        {
            return NotRun(Why(wrong));
        }
        try
        {
            return await check.RunAsync(cancellationToken);
        }
        catch (Exception wrong) when (wrong is OptionsValidationException or SettingException)
        {
            // Some services read their settings only when they are used.
            return NotRun(Why(wrong));
        }
    }

    static string Why(Exception wrong) => wrong switch
    {
        OptionsValidationException several => string.Join("; ", several.Failures),
        SettingException setting => $"{setting.Key} cannot be read; see `settings`",
        _ => wrong.Message,
    };

    static Finding NotRun(string why) => new(Severity.NotRun, why, "Fix the settings and run the command again.");
}
