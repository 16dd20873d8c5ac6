using System.Text;
using EdgeShelf.Configuration;
using EdgeShelf.Doctor;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Cli.Setup;

/// <summary>One run of `setup`: answers from a person or from a file, checks, the new file, the service. Until all is answered nothing is changed.</summary>
/// <param name="file">The configuration file to change.</param>
/// <param name="service">The service to stop while its camera is tried and to restart, or null.</param>
sealed class SetupRun(string file, Prompt prompt, SetupTrials trials, DeviceService? service)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    TextWriter Output => prompt.Output;

    /// <summary>The folder of the configuration file, where certificates, keys and the password are written too.</summary>
    string Folder => Path.GetDirectoryName(Path.GetFullPath(file))!;

    /// <summary>Whether the configuration file names a broker other than the one of a new device.</summary>
    public bool HasBroker => SettingsWith(new SetupAnswers())["Publish:Broker"] is { } broker && broker != new PublishOptions().Broker;

    /// <summary>Asks a person.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> AskAsync(CancellationToken cancellationToken)
    {
        CheckRights();
        // What no answer can correct is told before the first question.
        ConfigurationCheck.ThrowIfAny(ProblemsOf(SetupDialog.Valid), $"Fix {file} and run the command again; `setup` does not ask about this. Nothing was written.");
        DeviceService? installed = await InstalledAsync(cancellationToken);
        string? problem = await WithoutServiceAsync(
            installed,
            async () => await ApplyAsync(await AnswersAsync(cancellationToken), installed, cancellationToken),
            cancellationToken);
        if (problem is not null)
        {
            Output.WriteLine($"{problem}. `edgeshelf doctor` says more.");
            return ExitCodes.Failed;
        }
        Output.WriteLine();
        WebOptions web = SettingsBinder.Read(SettingsWith(new SetupAnswers()).GetSection(WebOptions.Section), WebJson.Default.WebOptions);
        if (web is { Enabled: true, NeedsToken: true })
            return await trials.PairAsync(file, Output, cancellationToken);
        Output.WriteLine(web.Enabled ? $"The page is at {PageAddress.Of(web, web.Port)[0]} on this device." : "The page is turned off: Web:Enabled is false.");
        return ExitCodes.Fine;
    }

    /// <exception cref="OperationCanceledException">The person pressed Ctrl-C, or the input ended.</exception>
    async Task<SetupAnswers> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new SetupDialog(prompt, trials, SettingsWith, ProblemsOf).AskAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Output.WriteLine();
            Output.WriteLine(cancellationToken.IsCancellationRequested
                ? "Nothing is changed."
                : "The input ended, so nothing is changed. Without a terminal, use `edgeshelf setup --answers FILE`.");
            throw;
        }
    }

    /// <summary>Takes the answers of a file. What was tried and does not work is named, and the settings are written all the same.</summary>
    public async Task<int> TakeAsync(SetupAnswers answers, bool tries, CancellationToken cancellationToken)
    {
        CheckRights();
        ThrowIfWrong(answers);
        DeviceService? installed = await InstalledAsync(cancellationToken);
        List<string> problems = await WithoutServiceAsync(
            tries ? installed : null,
            async () =>
            {
                List<string> found = tries ? await TryAsync(answers, cancellationToken) : [];
                if (await ApplyAsync(answers, installed, cancellationToken) is { } failed)
                    found.Add(failed);
                return found;
            },
            cancellationToken);
        foreach (string problem in problems)
            Output.WriteLine($"Problem: {problem}");
        Output.WriteLine(problems.Count == 0 ? "The device is set up." : $"The settings are written; {problems.Count} of what they name does not work yet.");
        return problems.Count == 0 ? ExitCodes.Fine : ExitCodes.Failed;
    }

    async Task<List<string>> TryAsync(SetupAnswers answers, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        using PrivateFolder tried = new();
        foreach (SetupFile given in answers.Files)
            given.WriteIn(tried.Path);
        IConfiguration settings = SettingsWith(answers, tried.Path);
        if (answers.Camera is { } camera && !await trials.CameraAsync(settings, TextWriter.Null, cancellationToken))
            problems.Add($"the camera {camera.Kind} gave no picture");
        if (answers.Broker is { } broker)
            AddIfWrong("broker", await SetupTrials.BrokerAsync(settings, broker.Password, cancellationToken));
        if (answers.Button is not null || answers.Light is not null)
            AddIfWrong("GPIO", await SetupTrials.GpioAsync(settings, cancellationToken));
        return problems;

        void AddIfWrong(string what, Finding finding)
        {
            if (finding.Severity == Severity.Fault)
                problems.Add($"{what}: {finding.Found.TrimEnd('.')}. {finding.ToDo}");
        }
    }

    /// <summary>Writes the settings and the password and restarts the service.</summary>
    /// <returns>Why the service does not run with them, or null.</returns>
    async Task<string?> ApplyAsync(SetupAnswers answers, DeviceService? installed, CancellationToken cancellationToken)
    {
        ThrowIfWrong(answers);
        SettingsEdit edit = EditWith(answers, Folder);
        foreach (SetupFile given in answers.Files)
            given.WriteIn(Folder);
        if (answers.Broker?.Password is { } password)
            DurableFile.Write(PasswordPath(answers), Encoding.UTF8.GetBytes(password + "\n"), OwnerOnly);
        bool hadFile = File.Exists(file);
        if (edit.Write())
            Output.WriteLine($"{file} is written{(hadFile ? $"; the earlier one is {edit.BackupPath}" : "")}.");
        else
            Output.WriteLine($"{file} stays as it is.");
        if (installed is null)
            return null;
        Output.WriteLine("The service is restarted …");
        return await installed.DoAsync("restart", cancellationToken);
    }

    /// <summary>The service holds its camera, so it is stopped while cameras are tried, and started again whatever happens.</summary>
    async Task<T> WithoutServiceAsync<T>(DeviceService? installed, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (installed is null || !await installed.IsActiveAsync(cancellationToken))
            return await work();
        Output.WriteLine("The service is stopped while the camera is tried.");
        await installed.DoAsync("stop", cancellationToken);
        try
        {
            return await work();
        }
        catch
        {
            // Also after Ctrl-C, when the own token is of no use any more.
            await installed.DoAsync("start", CancellationToken.None);
            throw;
        }
    }

    async Task<DeviceService?> InstalledAsync(CancellationToken cancellationToken) =>
        service is not null && await service.IsInstalledAsync(cancellationToken) ? service : null;

    /// <exception cref="EdgeShelfException">This user may not write the file. It is told before any question.</exception>
    void CheckRights()
    {
        if (!Directory.Exists(Folder) || Posix.WhyNotWritable(Folder) is not null)
            throw new EdgeShelfException($"You may not write {file}.", "Run `sudo edgeshelf setup`, or name another file with --config.");
    }

    SettingsEdit EditWith(SetupAnswers answers, string folder)
    {
        SettingsEdit edit = SettingsEdit.Open(file);
        foreach ((string key, System.Text.Json.Nodes.JsonNode? value) in answers.ToSettings(folder))
            edit.Set(key, value);
        if (answers.Broker?.Password is not null && PasswordPath(answers) is var path && path != ServiceDirectories.InstalledPassword)
            edit.Set("Publish:PasswordFile", path);
        return edit;
    }

    /// <summary>The unit hands the installed file to the service. Beside another configuration file the password has a file of its own.</summary>
    string PasswordPath(SetupAnswers answers) =>
        file == ServiceDirectories.ConfigurationFile ? ServiceDirectories.InstalledPassword : Path.Combine(Folder, "mqtt-password");

    IConfigurationRoot SettingsWith(SetupAnswers answers) => SettingsWith(answers, Folder);

    IConfigurationRoot SettingsWith(SetupAnswers answers, string folder) => Json(answers, folder).Build();

    IConfigurationBuilder Json(SetupAnswers answers, string folder) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(EditWith(answers, folder).Content));

    /// <exception cref="ConfigurationException">Settings would be wrong; all of them are named.</exception>
    void ThrowIfWrong(SetupAnswers answers) =>
        ConfigurationCheck.ThrowIfAny(ProblemsOf(answers), $"Fix the answers, or the settings in {file}, and run the command again. Nothing was written.");

    /// <summary>What the service would refuse of the settings with these answers.</summary>
    IReadOnlyList<string> ProblemsOf(SetupAnswers answers)
    {
        IConfigurationBuilder builder = Json(answers, Folder);
        // The password and the other files are written after this check.
        if (answers.Broker?.Password is not null)
            builder.AddInMemoryCollection([new("Publish:PasswordFile", "/dev/null")]);
        builder.AddInMemoryCollection(answers.Files.Select(given => new KeyValuePair<string, string?>(given.Setting, "/dev/null")));
        IConfigurationRoot settings = builder.AddInMemoryCollection([new("Log:ToFile", "false")]).Build();
        using IHost host = EdgeShelfHost.Compose(settings);
        return ConfigurationCheck.ProblemsOf(settings, host);
    }
}
