using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Logging;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Configuration;

/// <summary>
/// Checks whether the folders, the model and the devices that the settings name exist on this machine. It changes nothing. The service itself
/// does not use this check: it starts without them and tries again.
/// </summary>
static class MachineCheck
{
    /// <returns>`Problems`: what prevents the service from doing what a setting asks for. `Notes`: what may become available later, or what this user cannot check.</returns>
    public static (IReadOnlyList<string> Problems, IReadOnlyList<string> Notes) Look(IConfiguration configuration)
    {
        Findings findings = new();
        if (Read<ModelsOptions>(configuration, ModelsOptions.Section) is { } models)
            LookAtModel(models, findings);
        if (Read<PlanOptions>(configuration, PlanOptions.Section) is { } plan)
            findings.Folder("Shelf:State", plan.State, plan.State);
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
                findings.Notes.Add($"Models:Name is {models.Name}; {absent} The model {chosen}, which was chosen with `edgeshelf model use`, is used");
            else
                findings.Problems.Add($"Models:Name is {models.Name}; {absent} Installed models: {string.Join(", ", store.Names())}");
        }
        catch (ConfigurationException problem)
        {
            findings.Problems.Add($"Models:Trained is {models.Trained}; {problem.Message}");
        }
    }

    /// <returns>Why the model was not found, or null.</returns>
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
            findings.Notes.Add($"Capture:Gpio:Chip is {(string.IsNullOrEmpty(gpio.Chip) ? "empty" : gpio.Chip)}; {absent.Message} The button and the LED are tried again every minute");
        }
    }

    /// <returns>The section, or null if a value cannot be parsed, which <see cref="ConfigurationCheck"/> reports.</returns>
    static T? Read<T>(IConfiguration configuration, string section) where T : class
    {
        try
        {
            return (T)SettingsBinder.Read(configuration.GetSection(section), ConfigurationCheck.TypeOf(section));
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

        /// <summary>Checks a file that the service writes.</summary>
        public void File(string key, string path)
        {
            if (Directory.Exists(path))
                Problems.Add($"{key} is {path}; a file is needed, and this is a folder");
            else if (path.Length > 0 && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Folder(key, path, folder);
        }

        /// <summary>Checks a folder that the service writes to, and creates if it is missing.</summary>
        public void Folder(string key, string value, string folder)
        {
            // ConfigurationCheck reports an empty one.
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
            // The user who installs a device is seldom the user of the service.
            if (Environment.UserName != ServiceUser && !Environment.IsPrivilegedProcess && SystemFile.Value("/", "etc/passwd", $"{ServiceUser}:") is not null)
                Notes.Add($"{problem}; the service's user {ServiceUser} must be able to write there");
            else
                Problems.Add(problem);
        }
    }
}
