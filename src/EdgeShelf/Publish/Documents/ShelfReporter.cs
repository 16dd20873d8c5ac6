using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// Decides when `…/shelf` is published: at each connection and each change. A look that changes nothing but the times of looking is
/// published only if the last document is ten minutes old, so that a reader can tell that the device still looks. Only the sender uses
/// this type; it is not thread-safe.
/// </summary>
sealed class ShelfReporter(PublishOptions options, BayStatus bay, TimeProvider clock, Func<bool> isClockSynced)
{
    /// <summary>The shortest interval between two documents. Several changes within it are published together.</summary>
    public static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);

    /// <summary>The interval at which the times of looking are published when nothing else changes.</summary>
    public static readonly TimeSpan TimesEvery = TimeSpan.FromMinutes(10);

    BayState? _seen;
    byte[]? _told;
    byte[]? _taking;
    long _at;
    bool _hasNewTimes;

    string Marker => Path.Combine(options.Folder, "shelf-published");

    /// <summary>Call this at each connection, and when the broker did not accept the document: it is then due again.</summary>
    public void Connected()
    {
        _seen = null;
        _told = null;
    }

    /// <summary>The time until <see cref="TryTake"/> is to be called, or <see cref="TimeSpan.MaxValue"/> if there is nothing to do before the next change of the bay.</summary>
    public TimeSpan TimeToNext
    {
        get
        {
            if (_told is null)
                return ReferenceEquals(bay.Now.State, _seen) ? TimeSpan.MaxValue : TimeSpan.Zero;
            if (!ReferenceEquals(bay.Now.State, _seen))
                return AtMostEvery - clock.GetElapsedTime(_at);
            return _hasNewTimes ? TimesEvery - clock.GetElapsedTime(_at) : TimeSpan.MaxValue;
        }
    }

    /// <summary>Gets the document to publish now, if one is due. An empty one withdraws an earlier one, because there are no slots any more.</summary>
    public bool TryTake([NotNullWhen(true)] out byte[]? payload)
    {
        payload = null;
        if (TimeToNext > TimeSpan.Zero)
            return false;
        BayRecord record = bay.Now;
        _seen = record.State;
        if (record.State.Slots.Count == 0)
        {
            _hasNewTimes = false;
            if (_told is [] || !bay.IsKnown || !File.Exists(Marker))
                return false;
            _taking = payload = [];
            return true;
        }
        ShelfDocument document = ShelfDocument.Of(record, options.Device, clock.GetUtcNow(), isClockSynced());
        byte[] tells = JsonSerializer.SerializeToUtf8Bytes(document.WithoutTimesOfLooking(), PublishJson.Wire.ShelfDocument);
        _hasNewTimes = _told is not null && tells.AsSpan().SequenceEqual(_told);
        if (_hasNewTimes && clock.GetElapsedTime(_at) < TimesEvery)
            return false;
        Mark();
        _hasNewTimes = false;
        _taking = tells;
        payload = JsonSerializer.SerializeToUtf8Bytes(document, PublishJson.Wire.ShelfDocument);
        return true;
    }

    /// <summary>Call this when the broker has the document of the last <see cref="TryTake"/>.</summary>
    public void Taken()
    {
        _told = _taking;
        _at = clock.GetTimestamp();
        if (_told is [])
            Unmark();
    }

    /// <summary>Records on disk that there is a retained document to withdraw, so that a device that never had slots publishes nothing here.</summary>
    void Mark()
    {
        try
        {
            if (!File.Exists(Marker))
                DurableFile.Write(Marker, []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The outbox is in the same folder and reports a disk that fails. Here the failure only means that the document is not withdrawn.
        }
    }

    void Unmark()
    {
        try
        {
            File.Delete(Marker);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The empty document is published once more at the next connection.
        }
    }
}
