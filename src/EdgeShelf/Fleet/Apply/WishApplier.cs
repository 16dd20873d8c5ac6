using System.Text;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Models;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Apply;

/// <summary>
/// Applies a checked document as a whole, and takes it back as a whole. Each step gives the same result when it is done twice, so that an
/// application that a power cut ended is simply begun anew.
/// </summary>
sealed class WishApplier(ActiveModel models, PlanStore plan, SettingsOverlay overlay)
{
    /// <summary>Describes what a document changes, before anything is changed.</summary>
    public Change ChangeOf(PreparedWish wish) => new(
        wish.Wish.Id,
        wish.Model is not null && wish.Model != models.Name ? models.Name : null,
        wish.Model,
        wish.Planogram is not null && plan.PlanogramDocument is { } now && !now.IsSameAs(wish.Planogram) ? Encoding.UTF8.GetString(now.ToJson()) : null,
        overlay.Read(),
        IsPlanogramNew: wish.Planogram is not null && plan.PlanogramDocument is null);

    /// <summary>Changes the model, the planogram and the settings. If one of them cannot be changed, none is.</summary>
    /// <returns>Whether the service must start again, because the settings changed.</returns>
    /// <exception cref="EdgeShelfException">It cannot be applied.</exception>
    /// <exception cref="IOException">The settings cannot be written.</exception>
    public bool Apply(PreparedWish wish, Change change)
    {
        try
        {
            if (wish.Model is not null && (wish.Model != models.Name || models.Problem is not null))
                models.Use(wish.Model);
            if (wish.Planogram is not null)
                plan.SetPlanogram(wish.Planogram, PlanSource.Fleet);
            return Settings(wish.Document.Settings);
        }
        catch (Exception)
        {
            // All kinds: whatever failed, the rest must not stay changed.
            TakeBack(change);
            throw;
        }
    }

    /// <summary>Puts back what a document changed, as far as nobody changed it since. It needs no network.</summary>
    /// <returns>Whether the service must start again.</returns>
    /// <exception cref="EdgeShelfException">It cannot be taken back.</exception>
    /// <exception cref="IOException">The settings cannot be written.</exception>
    public bool TakeBack(Change change)
    {
        if (change is { ModelBefore: { } before, ModelAfter: { } after } && models.Name == after)
        {
            if (models.Predecessor == before)
                models.Rollback();
            else
                models.Use(before);
        }
        if (change.PlanogramBefore is { } planogram && plan.PlanogramDocument?.ChangedBy == PlanSource.Fleet)
            plan.SetPlanogram(PlanogramDocument.Parse(Encoding.UTF8.GetBytes(planogram)), PlanSource.Fleet);
        if (change.IsPlanogramNew && plan.PlanogramDocument?.ChangedBy == PlanSource.Fleet)
            plan.RemovePlanogram(PlanSource.Fleet);
        return Settings(change.SettingsBefore);
    }

    /// <summary>Whether the model of a document is not in use any more.</summary>
    public bool IsTakenBack(Change change) => change.ModelBefore is null || models.Name != change.ModelAfter;

    /// <summary>Replaces the settings of the chain.</summary>
    /// <returns>Whether they changed.</returns>
    public bool Settings(IReadOnlyDictionary<string, string> settings)
    {
        IReadOnlyDictionary<string, string> now = overlay.Read();
        if (now.Count == settings.Count && settings.All(setting => now.TryGetValue(setting.Key, out string? value) && value == setting.Value))
            return false;
        overlay.Write(settings);
        return true;
    }
}
