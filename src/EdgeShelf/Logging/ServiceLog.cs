using System.Globalization;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace EdgeShelf.Logging;

/// <summary>Configures where log lines go: to the console, which is the journal under systemd, and to files that cannot fill the disk.</summary>
static class ServiceLog
{
    const string FileTemplate = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";
    const string ConsoleTemplate = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    // The journal adds a timestamp to each line.
    const string JournalTemplate = "{Level:u3} {Message:lj}{NewLine}{Exception}";

    static readonly TimeSpan TroubleReportedEvery = TimeSpan.FromMinutes(10);

    /// <summary>The path of the log file if `Log:Path` is not set.</summary>
    public static string DefaultPath => Path.Combine(ServiceDirectories.Logs, "edgeshelf.log");

    /// <summary>Sends the host's log through Serilog. The <see cref="LoggingLevelSwitch"/> in the services changes the level at run time.</summary>
    public static void AddServiceLog(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LogOptions>().BindSettings(LogOptions.Section, LoggingJson.Default.LogOptions).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LogOptions>, LogOptionsValidator>();
        builder.Services.AddSingleton<LoggingLevelSwitch>();
        builder.Services.AddSingleton(services => LogLevelCommand.Create(services.GetRequiredService<LoggingLevelSwitch>()));
        builder.Services.AddSerilog((services, configuration) => Configure(
            configuration, OptionsToBeginWith(builder.Configuration), services.GetRequiredService<LoggingLevelSwitch>()));
        ReportTroubleToConsole(TimeProvider.System);
    }

    /// <summary>The log exists before the settings are checked. If its section is wrong, the check reports that to a log with default settings.</summary>
    static LogOptions OptionsToBeginWith(IConfiguration configuration)
    {
        LogOptions plain = new() { ToFile = false };
        try
        {
            LogOptions options = SettingsBinder.Read(configuration.GetSection(LogOptions.Section), LoggingJson.Default.LogOptions);
            return new LogOptionsValidator().Validate(null, options).Succeeded ? options : plain;
        }
        catch (InvalidOperationException)
        {
            return plain;
        }
    }

    static void Configure(LoggerConfiguration configuration, LogOptions options, LoggingLevelSwitch level)
    {
        level.MinimumLevel = ToSerilog(options.Level);
        configuration
            .MinimumLevel.ControlledBy(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .Filter.ByExcluding(IsAStartThatNeedsNoTrace)
            .WriteTo.Sink(LoggerSinkConfiguration.Wrap(sinks => new PlainEvents(sinks), to => AddSinks(to, options)));
    }

    static void AddSinks(LoggerSinkConfiguration to, LogOptions options)
    {
        to.Console(
            outputTemplate: SystemdHelpers.IsSystemdService() ? JournalTemplate : ConsoleTemplate,
            formatProvider: CultureInfo.InvariantCulture);
        if (options.ToFile)
        {
            to.Sink(new LogFile(options, options.Path is { Length: > 0 } path ? path : DefaultPath, FileTemplate, TimeProvider.System, Console.Error.WriteLine));
        }
    }

    /// <summary>
    /// Whether a line is the host's own line about a failed start, with a stack trace that nobody needs: a stop during the start is not a failure, and
    /// the composition root reports a problem for operators in one line. All other lines stay, including those about a cancellation.
    /// </summary>
    internal static bool IsAStartThatNeedsNoTrace(LogEvent line) =>
        line.Exception is OperationCanceledException or EdgeShelfException or AggregateException { InnerExceptions: [EdgeShelfException] }
        && line.MessageTemplate.Text == "Hosting failed to start"
        && line.Properties.TryGetValue(Constants.SourceContextPropertyName, out LogEventPropertyValue? source)
        && source is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" };

    public static LogEventLevel ToSerilog(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        LogLevel.Critical => LogEventLevel.Fatal,
        _ => LogEventLevel.Information,
    };

    /// <summary>Reports a log file that cannot be written, but not so often that the reports flood the journal.</summary>
    static void ReportTroubleToConsole(TimeProvider clock)
    {
        long? last = null;
        Lock gate = new();
        SelfLog.Enable(trouble =>
        {
            lock (gate)
            {
                if (last is { } before && clock.GetElapsedTime(before) < TroubleReportedEvery)
                    return;
                last = clock.GetTimestamp();
            }
            // Serilog's text ends with the exception and its stack trace; the first line contains the reason.
            Console.Error.WriteLine($"The log file cannot be written, the service goes on: {PlainText.Shown(trouble.Split('\n', 2)[0].Trim(), PlainEvents.MaxLength)}");
        });
    }
}
