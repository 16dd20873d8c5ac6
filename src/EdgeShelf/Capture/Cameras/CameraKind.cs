using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture.Cameras;

/// <summary>A value of `Capture:Camera` and what belongs to it. Each is written in its camera's file and named in <see cref="CameraKinds"/>.</summary>
/// <param name="Name">Lower case; also the result's `image.source`.</param>
/// <param name="Options">The class that the kind's own section is read into.</param>
/// <param name="Hint">What a person can do when the camera gives no picture.</param>
abstract record CameraKind(string Name, Type Options, string Hint)
{
    /// <summary>The last part of <see cref="Section"/>.</summary>
    public string Key => char.ToUpperInvariant(Name[0]) + Name[1..];

    /// <summary>Where the kind's own settings are.</summary>
    public string Section => $"{CaptureOptions.Section}:{Key}";

    /// <summary>Reads the kind's settings, and checks them at the start where this kind is chosen.</summary>
    public abstract void AddOptionsTo(IServiceCollection services);

    /// <summary>What the settings name and what is not there now: a camera may be plugged in later, so none of it is a problem.</summary>
    public abstract IEnumerable<string> WhatIsAbsent(IConfiguration configuration);

    public abstract Camera Create(IServiceProvider services, CameraSettings settings);
}

/// <summary>What every camera gets beside its own options.</summary>
/// <param name="Timeout">Time limit of one picture.</param>
/// <param name="Freeze">For cameras that look at the world; null where frozen pictures are not looked for.</param>
sealed record CameraSettings(TimeSpan Timeout, TimeProvider Clock, FreezeDetector? Freeze);

/// <param name="Rules">Finds everything that is wrong with the options, each problem with key, value and what is allowed.</param>
/// <param name="Factory">Makes the camera from options that passed the rules.</param>
sealed record CameraKind<TOptions>(string Name, string Hint, Func<TOptions, IEnumerable<string>> Rules, Func<TOptions, CameraSettings, Camera> Factory)
    : CameraKind(Name, typeof(TOptions), Hint)
    where TOptions : class
{
    /// <summary>Finds what the options name and what is not on this machine now, each with key and value.</summary>
    public Func<TOptions, IEnumerable<string>> Absent { get; init; } = _ => [];

    public override IEnumerable<string> WhatIsAbsent(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(Section).Get<TOptions>() is { } options ? Absent(options) : Absent(Activator.CreateInstance<TOptions>());
        }
        catch (InvalidOperationException)
        {
            // A value that does not parse is a problem that is told elsewhere.
            return [];
        }
    }

    public override void AddOptionsTo(IServiceCollection services)
    {
        services.AddOptions<TOptions>().BindConfiguration(Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new Validator(this, provider.GetRequiredService<IConfiguration>()));
    }

    public override Camera Create(IServiceProvider services, CameraSettings settings) => Factory(services.GetRequiredService<IOptions<TOptions>>().Value, settings);

    /// <summary>Settings of a camera that is not chosen may wait, half written, for the day when it is.</summary>
    sealed class Validator(CameraKind<TOptions> kind, IConfiguration configuration) : IValidateOptions<TOptions>
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            if ((configuration[$"{CaptureOptions.Section}:{nameof(CaptureOptions.Camera)}"] ?? CameraKinds.Default.Name) != kind.Name)
                return ValidateOptionsResult.Skip;
            string[] problems = [.. kind.Rules(options)];
            return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
