using EdgeShelf.Fleet.Checks;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Pull;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Models;
using EdgeShelf.Recognition.Plan;

namespace EdgeShelf.Fleet.Apply;

/// <summary>Returns the problems that the service's configuration would have with other settings of the chain.</summary>
delegate IReadOnlyList<string> SettingsCheck(IReadOnlyDictionary<string, string> settings);

/// <summary>A document of which everything is here and checked.</summary>
/// <param name="Model">The name of the model's folder, or null if the model stays.</param>
/// <param name="Planogram">The planogram, or null if it stays.</param>
sealed record PreparedWish(Wish Wish, DesiredDocument Document, string? Model, PlanogramDocument? Planogram);

/// <summary>Downloads and checks what a document wants. It changes nothing that is in use.</summary>
sealed class WishPreparer(FleetOptions options, PulledModels pulled, FileFetcher fetcher, ModelCheck check, SettingsCheck settings, TimeProvider clock)
{
    const int MaxPlanogramBytes = 1 << 20;

    /// <summary>The version of the slots against which a planogram is judged now.</summary>
    public int SlotsVersion => check.SlotsVersion;

    /// <param name="delay">The time to wait before a download, so that not all devices ask at once.</param>
    /// <param name="tell">Told the step, one of <see cref="FleetStep"/>.</param>
    /// <exception cref="WishRefusedException">It cannot be applied here.</exception>
    /// <exception cref="FleetException">The same, for one reason.</exception>
    /// <exception cref="FetchException">A download did not succeed this time.</exception>
    /// <exception cref="IOException">The disk is full or not writable.</exception>
    public async Task<PreparedWish> PrepareAsync(Wish wish, TimeSpan delay, Action<string> tell, CancellationToken cancellationToken)
    {
        DesiredDocument document = wish.Document()!;
        if (document.Settings.Count > 0 && settings(document.Settings) is { Count: > 0 } wrong)
            throw new WishRefusedException([.. wrong.Select(problem => new FleetProblem(FleetProblem.BadSetting, problem.TrimEnd('.') + "."))]);
        FleetKeys? keys = document.Model is { } model ? KeysFor(model) : null;
        bool isModelHere = document.Model is not null && pulled.Has(document.Model, keys!);
        await FetchAsync(document, isModelHere, delay, tell, cancellationToken);
        tell(FleetStep.Checking);
        PlanogramDocument? planogram = PlanogramOf(document);
        if (document.Model is not null && !isModelHere)
        {
            string? key = RequireArchive(document.Model, keys!);
            // Networks hardly compress, so the folder takes about as much as the archive.
            DiskRoom.Require(Path.GetDirectoryName(pulled.FolderOf(document.Model))!, document.Model.Size * 3 / 2, options.MinFreeBytes);
            pulled.Install(document.Model, key, folder => check.Load(folder, document.Model).Dispose(), cancellationToken);
        }
        using ActiveModel? next = document.Model is null ? null : check.Load(pulled.FolderOf(document.Model), document.Model);
        List<FleetProblem> problems = [];
        if (next is not null)
            problems.AddRange(await check.ProblemsOfAsync(next, planogram, cancellationToken));
        // Read the version first: slots that change during the check are judged again.
        int slots = SlotsVersion;
        IReadOnlyList<FleetProblem> misfits = planogram is null ? [] : check.ProblemsOf(planogram, next);
        problems.AddRange(misfits);
        return problems.Count == 0
            ? new PreparedWish(wish, document, document.Model is null ? null : PulledModels.NameOf(document.Model), planogram)
            : throw new WishRefusedException(problems, misfits.Count > 0 ? slots : null);
    }

    /// <summary>Reads the keys before anything is downloaded: without them nothing would become of it.</summary>
    FleetKeys KeysFor(DesiredModel model)
    {
        FleetKeys keys = FleetKeys.Read(options.KeyFile);
        if (string.IsNullOrEmpty(model.Signature))
            keys.Require(Stream.Null, null);
        return model.Size <= options.MaxModelBytes ? keys : throw new FleetException(
            FleetProblem.WrongSize, $"The archive has {model.Size} bytes; Fleet:{nameof(FleetOptions.MaxModelBytes)} allows {options.MaxModelBytes}.", "Send a smaller model, or raise the setting on the device.");
    }

    async Task FetchAsync(DesiredDocument document, bool isModelHere, TimeSpan delay, Action<string> tell, CancellationToken cancellationToken)
    {
        List<(string Url, string Sha256, long Max, long? Size)> files = [];
        if (document.Planogram is { Url: { } url, Sha256: { } sha256 })
            files.Add((url, sha256, MaxPlanogramBytes, null));
        if (document.Model is { } model && !isModelHere)
            files.Add((model.Url, model.Sha256, options.MaxModelBytes, model.Size));
        if (files.Count == 0)
            return;
        tell(FleetStep.Downloading);
        await Task.Delay(delay, clock, cancellationToken);
        foreach ((string address, string hash, long max, long? size) in files)
        {
            if (size is null && pulled.HasWhole(hash))
                continue;
            await fetcher.FetchAsync(address, pulled.DownloadOf(hash), max, size, cancellationToken);
        }
    }

    string? RequireArchive(DesiredModel model, FleetKeys keys)
    {
        try
        {
            return pulled.Require(model, keys);
        }
        catch (FleetException)
        {
            // What is wrong is not continued.
            File.Delete(pulled.DownloadOf(model.Sha256));
            throw;
        }
    }

    PlanogramDocument? PlanogramOf(DesiredDocument document)
    {
        if (document.Planogram is not { } wanted)
            return null;
        byte[] json;
        try
        {
            json = wanted.Json ?? pulled.ReadPlanogram(wanted.Sha256!);
        }
        catch (FleetException)
        {
            File.Delete(pulled.DownloadOf(wanted.Sha256!));
            throw;
        }
        List<FleetProblem> problems = [];
        return DesiredReader.AddProblemsOfPlanogram(json, problems) ?? throw new WishRefusedException(problems);
    }
}
