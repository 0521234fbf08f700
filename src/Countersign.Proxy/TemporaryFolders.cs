using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy;

/// <summary>client_body_temp_path and proxy_temp_path, made at the start as nginx makes them.</summary>
internal static class TemporaryFolders
{
    private const uint OwnerOnly = 0x1C0;

    /// <returns>nginx's sentence when one cannot be made, otherwise null.</returns>
    public static string? Make(Plan plan, UserIdentity? owner)
    {
        var locations = plan.Http?.Locations ?? [];
        foreach (var path in locations.SelectMany(location => new[] { location.Core.ClientBodyTempPath, location.Proxy.TempPath }).Distinct())
        {
            var folder = ByteText.ToUnicode(path);
            var result = FileDescriptor.MakeFolder(folder, OwnerOnly);
            if (result < 0 && result != -Errno.Exists)
            {
                return $"mkdir() \"{folder}\" failed ({-result}: {Errno.Text(-result)})";
            }
            if (owner is { } user)
            {
                _ = FileDescriptor.ChangeOwner(folder, user.User, uint.MaxValue);
            }
        }
        return null;
    }
}
