using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Logging;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Configuration;

/// <summary>
/// Looks whether the folders, the model and the devices that settings name are on this machine. The service does not ask: it starts without
/// them and tries again. It reads only.
/// </summary>
static class MachineCheck
{
    /// <returns>`Problems`: the service could not do what the setting asks for. `Notes`: what may still come, or what this user cannot judge.</returns>
    public static (IReadOnlyList<string> Problems, IReadOnlyList<string> Notes) Look(IConfiguration configuration)
    {
        Findings findings = new();
        if (Read<ModelsOptions>(configuration, ModelsOptions.Section) is { } models)
            LookAtModel(models, findings);
        if (Read<PublishOptions>(configuration, PublishOptions.Section) is { } publish)
            findings.Folder("Publish:Folder", publish.Folder, publish.Folder);
        if (Read<LogOptions>(configuration, LogOptions.Section) is { ToFile: true } log)
            findings.File("Log:Path", log.Path is { Length: > 0 } path ? path : ServiceLog.DefaultPath);
        if (Read<WebOptions>(configuration, WebOptions.Section) is { Enabled: true, TokenFile.Length: > 0 } web)
            findings.File("Web:TokenFile", web.TokenFile);
        if (Read<CaptureOptions>(configuration, CaptureOptions.Section) is { } capture)
        {
            findings.Notes.AddRange(CameraKinds.Find(capture.Camera)?.WhatIsAbsent(configuration) ?? []);
            LookAtGpio(capture.Gpio, findings);
        }
        return (findings.Problems, findings.Notes);
    }

    static void LookAtModel(ModelsOptions models, Findings findings)
    {
        ModelStore store = new(models);
        findings.Folder("Models:Trained", models.Trained, models.Trained);
        try
        {
            string chosen = new ModelChoice(models).Name;
            if (TryFind(store, models.Name) is not { } absent)
                return;
            if (chosen != models.Name && TryFind(store, chosen) is null)
                findings.Notes.Add($"Models:Name is {models.Name}; {absent} The model {chosen}, which was chosen with `edgeshelf model use`, answers");
            else
                findings.Problems.Add($"Models:Name is {models.Name}; {absent} Those there are: {string.Join(", ", store.Names())}");
        }
        catch (ConfigurationException problem)
        {
            findings.Problems.Add($"Models:Trained is {models.Trained}; {problem.Message}");
        }
    }

    /// <returns>Why it is not there, or null.</returns>
    static string? TryFind(ModelStore store, string name)
    {
        try
        {
            store.Find(name);
            return null;
        }
        catch (ConfigurationException absent)
        {
            return absent.Message;
        }
    }

    static void LookAtGpio(GpioOptions gpio, Findings findings)
    {
        if (gpio.Button.Line is null && gpio.Led.Line is null)
            return;
        try
        {
            GpioChip.Find(gpio.Chip);
        }
        catch (EdgeShelfException absent)
        {
            findings.Notes.Add($"Capture:Gpio:Chip is {(string.IsNullOrEmpty(gpio.Chip) ? "empty" : gpio.Chip)}; {absent.Message} The button and the light are tried again each minute");
        }
    }

    /// <returns>Null where a value does not parse, which <see cref="ConfigurationCheck"/> tells.</returns>
    static T? Read<T>(IConfiguration configuration, string section) where T : class, new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    sealed class Findings
    {
        const string ServiceUser = "edgeshelf";

        public List<string> Problems { get; } = [];
        public List<string> Notes { get; } = [];

        /// <summary>A file that is to be written.</summary>
        public void File(string key, string path)
        {
            if (Directory.Exists(path))
                Problems.Add($"{key} is {path}; a file is needed, and this is a folder");
            else if (path.Length > 0 && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Folder(key, path, folder);
        }

        /// <summary>A folder that is to be written, and made where it is missing.</summary>
        public void Folder(string key, string value, string folder)
        {
            // An empty one is a problem that ConfigurationCheck tells.
            if (folder.Length == 0)
                return;
            string? existing = Path.GetFullPath(folder);
            while (existing is not null && !Directory.Exists(existing))
            {
                if (System.IO.File.Exists(existing))
                {
                    Problems.Add($"{key} is {value}; a folder is needed, and {existing} is a file");
                    return;
                }
                existing = Path.GetDirectoryName(existing);
            }
            if (existing is null || Posix.WhyNotWritable(existing) is not { } why)
                return;
            string problem = $"{key} is {value}; the user {Environment.UserName} cannot write in {existing}: {why}";
            // Who installs a device is seldom the user that the service has there.
            if (Environment.UserName != ServiceUser && !Environment.IsPrivilegedProcess && SystemFile.Value("/", "etc/passwd", $"{ServiceUser}:") is not null)
                Notes.Add($"{problem}; the service's user {ServiceUser} must be able to");
            else
                Problems.Add(problem);
        }
    }
}
