using System.Globalization;
using EdgeShelf.Platform;

namespace EdgeShelf.Doctor;

/// <summary>Checks whether the times in the results are reliable.</summary>
sealed class ClockCheck(TimeProvider clock) : DoctorCheck
{
    /// <summary>A time before which this program did not exist. The clock of a board without a battery starts in the past.</summary>
    static readonly DateTimeOffset Plausible = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override string Name => "clock";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string found = now.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        const string SetIt = "Let the board reach a time server: `timedatectl set-ntp true`, then `timedatectl timesync-status`.";
        if (now < Plausible)
            return Task.FromResult(Finding.Fault($"{found} is in the past; TLS connections will be refused", SetIt));
        return Task.FromResult(ClockSync.IsSynced()
            ? Finding.Fine($"{found}, synchronized")
            : Finding.Warning($"{found}, not known to be right; results say clock_synced false", SetIt));
    }
}
