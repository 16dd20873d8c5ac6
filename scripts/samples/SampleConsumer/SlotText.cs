using System.Globalization;
using System.Text.Json;

namespace SampleConsumer;

/// <summary>Slots in words. It reads the documents as any backend does: by the names of fields, and without those that it does not know.</summary>
static class SlotText
{
    /// <summary>The line for a change of a slot, such as `shelf-07 3-05: match -> empty (expected Tall kitchen bags) since 10:20`, or null for other messages. Times are UTC.</summary>
    /// <exception cref="KeyNotFoundException">It says that it is a change of a slot and lacks a field.</exception>
    public static string? OfChange(JsonElement message)
    {
        if (!message.TryGetProperty("type", out JsonElement type) || type.GetString() != "slot-changed")
            return null;
        JsonElement data = message.GetProperty("data");
        string seen = data.GetProperty("to").GetString() == "mismatch" && data.GetProperty("seen").GetString() is { } other ? $" ({other})" : "";
        return $"{message.GetProperty("device").GetString()} {data.GetProperty("slot").GetString()}: {data.GetProperty("from").GetString()} -> {data.GetProperty("to").GetString()}{seen}"
            + $"{Expected(data)} since {Time(data.GetProperty("since").GetDateTimeOffset(), message.GetProperty("at").GetDateTimeOffset())}";
    }

    /// <summary>The lines for a shelf: its availability, and each slot that is not in place.</summary>
    /// <exception cref="KeyNotFoundException">It lacks a field.</exception>
    public static IEnumerable<string> OfShelf(JsonElement shelf)
    {
        DateTimeOffset at = shelf.GetProperty("at").GetDateTimeOffset();
        JsonElement availability = shelf.GetProperty("availability");
        string share = availability.ValueKind == JsonValueKind.Null ? "nothing judged yet" : string.Create(CultureInfo.InvariantCulture, $"{availability.GetDouble() * 100:0.#} % available");
        string view = shelf.GetProperty("view").GetString() is "clear" ? "" : $"; the view is {shelf.GetProperty("view").GetString()} since {Time(shelf.GetProperty("view_since").GetDateTimeOffset(), at)}";
        yield return $"{shelf.GetProperty("device").GetString()}: {share}, {shelf.GetProperty("available").GetInt32()} of {shelf.GetProperty("expected").GetInt32()}{view}";
        foreach (JsonElement slot in shelf.GetProperty("slots").EnumerateArray())
        {
            string verdict = slot.GetProperty("verdict").GetString()!;
            string covered = slot.GetProperty("covered_since").ValueKind == JsonValueKind.Null ? "" : $", covered since {Time(slot.GetProperty("covered_since").GetDateTimeOffset(), at)}";
            if (verdict is not ("match" or "unchecked") || covered.Length > 0)
                yield return $"  {slot.GetProperty("slot").GetString()}: {verdict}{Expected(slot)} since {Time(slot.GetProperty("since").GetDateTimeOffset(), at)}{covered}";
        }
    }

    static string Expected(JsonElement slot)
    {
        JsonElement expected = slot.GetProperty("expected");
        return expected.ValueKind == JsonValueKind.Null ? "" : $" (expected {expected.GetProperty("name").GetString() ?? expected.GetProperty("label").GetString()})";
    }

    /// <summary>The hour and minute, with the date if it is another day than the message's.</summary>
    static string Time(DateTimeOffset time, DateTimeOffset at) =>
        time.UtcDateTime.ToString(time.UtcDateTime.Date == at.UtcDateTime.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
