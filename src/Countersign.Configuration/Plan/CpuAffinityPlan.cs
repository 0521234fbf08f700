namespace Countersign.Configuration;

/// <summary>worker_cpu_affinity: on which processors each loop runs.</summary>
/// <param name="IsAuto">One processor for each loop, of those in the only mask, in turn.</param>
/// <param name="Masks">Numbers of processors: the first mask is the first loop's, and the last that of all that have none of their own.</param>
public sealed record CpuAffinityPlan(bool IsAuto, IReadOnlyList<IReadOnlyList<int>> Masks)
{
    /// <summary>The processors of that loop, counted from 0; null leaves it where the system puts it (<c>ngx_get_cpu_affinity</c>).</summary>
    public IReadOnlyList<int>? Of(int loop)
    {
        if (!IsAuto)
        {
            return Masks[Math.Min(loop, Masks.Count - 1)];
        }
        var mask = Masks[^1];
        return mask.Count > 0 ? [mask[loop % mask.Count]] : null;
    }
}
