using System.Globalization;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Outbox;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Doctor;

/// <summary>Reports how many messages wait for the broker, and how much space is left.</summary>
sealed class OutboxCheck(PublishOptions options) : DoctorCheck
{
    public override string Name => "outbox";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        string folder = options.Folder;
        string? existing = Existing(Path.GetFullPath(folder));
        long freeMegabytes = (VolumeSpace.Of(existing ?? "/")?.Free ?? long.MaxValue) >> 20;
        string room = string.Create(CultureInfo.InvariantCulture, $"{freeMegabytes} MB free in {folder}");
        if (freeMegabytes < options.MinFreeBytes >> 20)
            return Task.FromResult(Finding.Fault($"{room}; new results displace old ones", "Free some space, for example with `journalctl --vacuum-size=50M`, or use a larger card."));
        if (!File.Exists(Path.Combine(folder, DurableOutbox.FileName)))
            return Task.FromResult(Finding.Fine($"nothing kept yet, {room}"));

        long waiting, refused, dropped;
        try
        {
            (waiting, refused, dropped) = Count(Path.Combine(folder, DurableOutbox.FileName));
        }
        catch (SqliteException problem)
        {
            return Task.FromResult(Finding.Fault(
                $"the outbox in {folder} cannot be read: {problem.Message}",
                "Run the doctor as a user who may read it, for example with sudo. The service sets a damaged file aside at its next start and creates a new one."));
        }
        string found = string.Create(CultureInfo.InvariantCulture, $"{waiting} wait for the broker, {refused} refused, {dropped} dropped so far, {room}");
        return Task.FromResult(refused > 0
            ? Finding.Warning(found, "See why with `edgeshelf outbox list`, then `edgeshelf outbox retry` or `purge`.")
            : Finding.Fine(found));
    }

    static (long Waiting, long Refused, long Dropped) Count(string file)
    {
        // Open read-only, because the service may be writing.
        using SqliteConnection outbox = new($"Data Source={file};Mode=ReadOnly;Pooling=False");
        outbox.Open();
        long Counter(string name) => outbox.Scalar<long>("SELECT value FROM counter WHERE name = $0", name);
        return (Counter("messages"), Counter("refused"), Counter("dropped"));
    }

    static string? Existing(string? path)
    {
        while (path is not null && !Directory.Exists(path))
            path = Path.GetDirectoryName(path);
        return path;
    }
}
