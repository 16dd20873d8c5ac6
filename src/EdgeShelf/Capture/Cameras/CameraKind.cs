using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture.Cameras;

/// <summary>A value of `Capture:Camera` with its options. Each kind is defined in the file of its camera and listed in <see cref="CameraKinds"/>.</summary>
/// <param name="Name">The name, in lower case. It is also the result's `image.source`.</param>
/// <param name="Options">What the compiler generates of the class to which the kind's own section is bound, or null if the kind has no section of its own.</param>
/// <param name="Hint">What a person can do if the camera does not return a picture.</param>
abstract record CameraKind(string Name, JsonTypeInfo? Options, string Hint)
{
    /// <summary>The last part of <see cref="Section"/>.</summary>
    public string Key => char.ToUpperInvariant(Name[0]) + Name[1..];

    /// <summary>The section with the kind's own settings.</summary>
    public string Section => $"{CaptureOptions.Section}:{Key}";

    /// <summary>The kinds that this kind chooses from. Their settings apply when this kind is set.</summary>
    public virtual IReadOnlyList<CameraKind> ChoosesFrom => [];

    /// <summary>Binds the kind's settings, and validates them at startup if this kind is chosen.</summary>
    public abstract void AddOptionsTo(IServiceCollection services);

    /// <summary>What the settings name and what is not there now: a camera may be plugged in later, so none of it is a problem.</summary>
    public abstract IEnumerable<string> WhatIsAbsent(IConfiguration configuration);

    public abstract Camera Create(IServiceProvider services, CameraSettings settings);
}

/// <summary>The settings that every camera gets in addition to its own options.</summary>
/// <param name="Timeout">The time limit of one picture.</param>
/// <param name="Freeze">The detector of frozen pictures for live cameras, or null if frozen pictures are not detected.</param>
/// <param name="HasButton">Whether a person may ask for a picture at any moment and wait for it.</param>
sealed record CameraSettings(TimeSpan Timeout, TimeProvider Clock, FreezeDetector? Freeze, bool HasButton = false);

/// <param name="Rules">Finds all problems of the options. Each problem names the key, the value and the allowed values.</param>
/// <param name="Factory">Creates the camera from options that passed the rules.</param>
sealed record CameraKind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    string Name, string Hint, JsonTypeInfo<TOptions> Type, Func<TOptions, IEnumerable<string>> Rules, Func<TOptions, CameraSettings, Camera> Factory)
    : CameraKind(Name, Type, Hint)
    where TOptions : class
{
    /// <summary>Finds what the options name and what is not on this machine now, each with key and value.</summary>
    public Func<TOptions, IEnumerable<string>> Absent { get; init; } = _ => [];

    public override IEnumerable<string> WhatIsAbsent(IConfiguration configuration)
    {
        try
        {
            return Absent(SettingsBinder.Read(configuration.GetSection(Section), Type));
        }
        catch (InvalidOperationException)
        {
            // A value that does not parse is a problem that is told elsewhere.
            return [];
        }
    }

    public override void AddOptionsTo(IServiceCollection services)
    {
        services.AddOptions<TOptions>().BindSettings(Section, Type).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new Validator(this, provider.GetRequiredService<IConfiguration>()));
    }

    public override Camera Create(IServiceProvider services, CameraSettings settings) => Factory(services.GetRequiredService<IOptions<TOptions>>().Value, settings);

    /// <summary>Only the settings of the chosen camera are validated, so that the settings of other cameras may be incomplete.</summary>
    sealed class Validator(CameraKind<TOptions> kind, IConfiguration configuration) : IValidateOptions<TOptions>
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            string chosen = configuration[$"{CaptureOptions.Section}:{nameof(CaptureOptions.Camera)}"] ?? CameraKinds.Default.Name;
            if (chosen != kind.Name && CameraKinds.Find(chosen)?.ChoosesFrom.Contains(kind) != true)
                return ValidateOptionsResult.Skip;
            string[] problems = [.. kind.Rules(options)];
            return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
