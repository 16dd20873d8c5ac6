namespace EdgeShelf.Teaching.Figures;

/// <summary>Divides examples into groups that show the same visit, by the rule of <see cref="LeaveOneOut"/>, so that a whole group can be left out.</summary>
static class VisitGroups
{
    /// <returns>The group of each example. Examples that are connected through others of their label are in one group; groups have no order.</returns>
    public static int[] Of(DescriptorProducts products)
    {
        int[] groups = [.. Enumerable.Range(0, products.Count)];
        for (int i = 0; i < products.Count; i++)
        {
            for (int k = 0; k < i; k++)
            {
                if (groups[i] == groups[k] || products.Examples[i].Label != products.Examples[k].Label || !LeaveOneOut.BelongTogether(products, i, k))
                    continue;
                (int from, int to) = (groups[i], groups[k]);
                for (int member = 0; member <= i; member++)
                {
                    if (groups[member] == from)
                        groups[member] = to;
                }
            }
        }
        return groups;
    }
}
