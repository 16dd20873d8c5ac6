using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;

namespace EdgeShelf.Web;

/// <summary>
/// The slots of the newest picture as small JPEGs. The first one that is asked for costs a decode, and then all are cut, because a page
/// asks for many at a time. One picture is decoded at a time.
/// </summary>
sealed class SlotCrops(LatestLook latest, PlanStore plan)
{
    readonly Lock _cutting = new();
    (BayLook Look, SlotMap Slots, Dictionary<string, byte[]> Crops)? _known;

    /// <summary>Returns the crop of a slot, or null before the first picture or if there is no such slot.</summary>
    /// <exception cref="PictureException">The picture cannot be decoded.</exception>
    public byte[]? Find(string slot)
    {
        lock (_cutting)
        {
            if (latest.Now is not { } look)
            {
                _known = null;
                return null;
            }
            SlotMap slots = plan.Slots;
            if (_known is not { } known || known.Look != look || known.Slots != slots)
                _known = known = (look, slots, Cut(look, slots));
            return known.Crops.GetValueOrDefault(slot);
        }
    }

    static Dictionary<string, byte[]> Cut(BayLook look, SlotMap slots)
    {
        Dictionary<Slot, Region> seen = look.Slots.ToDictionary(slot => slot.Slot, slot => slot.Region);
        // A slot that was drawn or moved since the picture was taken is cut where it was drawn.
        Dictionary<string, Region> regions = slots.Slots.ToDictionary(slot => slot.Name, slot => seen.GetValueOrDefault(slot, slot.Region));
        using Picture picture = PictureDecoder.Decode(look.Frame, regions.Values, RegionJpeg.MaxSide);
        return regions.ToDictionary(region => region.Key, region => RegionJpeg.Of(picture, region.Value));
    }
}
